import { Button, Group, Modal, Stack } from "@mantine/core";
import type { FormEvent, ReactNode } from "react";
import classes from "./dialog-form.module.css";

interface DialogFormProps {
  title: string;
  /** What the button does: "Rename". */
  act: string;
  isDestructive?: boolean;
  isReady: boolean;
  isBusy: boolean;
  error: Error | null;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** A dialog that asks for something and does one thing with it. */
export function DialogForm(props: DialogFormProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (props.isReady && !props.isBusy) props.onSubmit();
  };
  return (
    <Modal opened onClose={props.onClose} title={props.title} size="md">
      <form onSubmit={submit}>
        <Stack gap="sm">
          {props.children}
          {props.error ? (
            <p role="alert" className={classes.error}>
              {props.error.message}
            </p>
          ) : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={props.onClose}>
              Cancel
            </Button>
            <Button
              type="submit"
              color={props.isDestructive ? "red" : undefined}
              disabled={!props.isReady}
              loading={props.isBusy}
            >
              {props.act}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
