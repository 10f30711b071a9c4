import { CloseButton, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";

interface SearchBoxProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

/** A search that types at once and tells the address; what the address says otherwise (Back) is taken over. */
export function SearchBox({ label, value, onChange }: SearchBoxProps) {
  const [typed, setTyped] = useState({ text: value, told: value });
  if (typed.told !== value) setTyped({ text: value, told: value });
  const change = (text: string) => {
    setTyped({ text, told: text.trim() });
    onChange(text.trim());
  };
  return (
    <TextInput
      type="search"
      size="sm"
      w={240}
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={15} aria-hidden="true" />}
      rightSection={
        typed.text ? <CloseButton size="sm" aria-label="Clear the search" onClick={() => change("")} /> : null
      }
      value={typed.text}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}
