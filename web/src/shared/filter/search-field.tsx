import { CloseButton, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";

interface SearchFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** How long to wait for the next letter; 0 where the search costs nothing. */
  delayMilliseconds?: number;
}

/** A field that searches while one types, and follows when its value is changed elsewhere (Back, Clear). */
export function SearchField({ label, value, onChange, delayMilliseconds = 200 }: SearchFieldProps) {
  const [text, setText] = useState(value);
  const sent = useRef(value);
  const send = useDebouncedCallback((next: string) => {
    sent.current = next;
    onChange(next);
  }, delayMilliseconds);
  useEffect(() => {
    if (value === sent.current) return;
    sent.current = value;
    setText(value);
  }, [value]);
  const type = (next: string) => {
    setText(next);
    send(next);
  };
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={15} />}
      rightSection={text ? <CloseButton size="sm" aria-label="Clear the search" onClick={() => type("")} /> : null}
      value={text}
      onChange={(event) => type(event.currentTarget.value)}
    />
  );
}
