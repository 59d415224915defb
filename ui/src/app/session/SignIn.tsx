/** Signing in with a token, the first of which `jackfield serve` prints. */

import { Alert, Anchor, Button, Center, Code, Paper, PasswordInput, Stack, Text, Title } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { asProblem } from "~/api/problem";
import { useSignIn } from "./session";

export default function SignIn() {
  return (
    <Center mih="100dvh" p="md" component="main">
      <Paper withBorder p="xl" w="100%" maw={460}>
        <Stack gap="md">
          <Title order={1} size="h2">
            Sign in to Jackfield
          </Title>
          <SignInForm />
          <Text size="sm" c="dimmed">
            The server printed the first token when it was started: the line after “token”. If it is lost, run{" "}
            <Code>jackfield users token admin</Code> on the server's machine. Programs use the same tokens:{" "}
            <Anchor href="/docs" underline="always">
              REST interface
            </Anchor>
            .
          </Text>
        </Stack>
      </Paper>
    </Center>
  );
}

export function SignInForm() {
  const [token, setToken] = useState("");
  const signIn = useSignIn();
  const problem = signIn.error ? asProblem(signIn.error) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (token.trim()) signIn.mutate(token);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {/* For password managers, which keep what is entered by a name. */}
        <input type="text" autoComplete="username" value="Jackfield API token" readOnly hidden />
        <PasswordInput
          label="API token"
          description="Begins with jf_"
          value={token}
          onChange={(event) => setToken(event.currentTarget.value)}
          autoComplete="current-password"
          autoFocus
          required
          withAsterisk={false}
        />
        {problem && (
          <Alert color="red" title={problem.message} role="alert">
            {problem.hint}
          </Alert>
        )}
        <Button type="submit" loading={signIn.isPending} disabled={!token.trim()}>
          Sign in
        </Button>
      </Stack>
    </form>
  );
}
