import { TextInput } from "@mantine/core";

/** What something new is to be called: the first field of its form. */
export function NameInput({ description, value, onChange, error }: {
  description: string;
  value: string;
  onChange: (name: string) => void;
  error: string | undefined;
}) {
  return (
    <TextInput
      label="Name"
      description={description}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={error}
      required
      maxLength={100}
      autoComplete="off"
      data-autofocus
    />
  );
}
