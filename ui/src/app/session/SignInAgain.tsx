/** Signing in above a page whose session has ended. */

import { Modal } from "@mantine/core";
import { SignInForm } from "./SignIn";

export default function SignInAgain() {
  return (
    <Modal opened onClose={() => {}} withCloseButton={false} title="You were signed out">
      <SignInForm />
    </Modal>
  );
}
