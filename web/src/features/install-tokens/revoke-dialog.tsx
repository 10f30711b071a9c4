import { Button, Modal } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { getListInstallTokensQueryKey, useRevokeInstallToken } from "@/api/generated/install-tokens/install-tokens";
import type { InstallToken } from "@/api/generated/model";
import { NodeText } from "@/shared/text/node-text";
import classes from "./revoke-dialog.module.css";

interface RevokeDialogProps {
  token: InstallToken;
  onClose: () => void;
}

/** Names the token that stops working, and what goes on working. */
export function RevokeDialog({ token, onClose }: RevokeDialogProps) {
  const queries = useQueryClient();
  const revoke = useRevokeInstallToken({
    mutation: {
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: getListInstallTokensQueryKey() });
        onClose();
      },
    },
  });
  return (
    <Modal opened onClose={onClose} title="Revoke this install token?" size={440}>
      <div className={classes.body}>
        <p>
          <strong>
            <NodeText value={token.name || token.prefix} />
          </strong>{" "}
          (<NodeText value={`${token.prefix}…`} mono />) will let no more machines in. This cannot be undone; a new
          token can be made at any time. Nodes that came with it stay.
        </p>
        {revoke.isError ? <p role="alert">It could not be revoked: {revoke.error.message}</p> : null}
        <div className={classes.actions}>
          <Button variant="default" onClick={onClose}>
            Keep it
          </Button>
          <Button color="red" loading={revoke.isPending} onClick={() => revoke.mutate({ tokenId: token.id })}>
            Revoke
          </Button>
        </div>
      </div>
    </Modal>
  );
}
