import { Modal } from "@mantine/core";

export function AddServerDialog({ onClose }: { onClose: () => void }) {
  return <Modal opened onClose={onClose} title="Add a server" />;
}
