import { Button } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useListInstallTokens } from "@/api/generated/install-tokens/install-tokens";
import type { InstallToken } from "@/api/generated/model";
import { mayChange, useSession } from "@/shared/session/session";
import { ErrorState } from "@/shared/states/error-state";
import { Notice } from "@/shared/states/notice";
import type { Sort } from "@/shared/table/column";
import { DataTable } from "@/shared/table/data-table";
import { sortRows } from "@/shared/table/rows";
import classes from "./install-tokens-page.module.css";
import { RevokeDialog } from "./revoke-dialog";
import { NarrowToken, tokenColumns } from "./token-columns";

const LOADING_ROWS = 5;

export function InstallTokensPage() {
  useDocumentTitle("Install tokens · Nodestral");
  const tokens = useListInstallTokens();
  const allowed = mayChange(useSession());
  const [sort, setSort] = useState<Sort>({ column: "created", descending: true });
  const [revoking, setRevoking] = useState<InstallToken>();
  const columns = useMemo(() => tokenColumns(allowed ? setRevoking : undefined), [allowed]);
  const rows = useMemo(() => sortRows(tokens.data?.items ?? [], columns, sort), [tokens.data, columns, sort]);

  if (tokens.isError && !tokens.data) {
    return (
      <ErrorState
        error={tokens.error}
        what="The install tokens"
        stays="They work as before."
        onRetry={() => void tokens.refetch()}
      />
    );
  }
  if (tokens.data && rows.length === 0) {
    return (
      <Notice icon={<IconKey />} title="No install tokens yet" action={allowed ? <AddButton /> : null}>
        An install token lets a machine become a node. It is made when you add a server, and listed here with what
        became of it.
      </Notice>
    );
  }
  return (
    <>
      <div className={classes.line}>
        <p className={classes.note}>A token lets a machine become a node, as often and as long as it says.</p>
        {allowed ? <AddButton /> : null}
      </div>
      <DataTable
        label="Install tokens"
        columns={columns}
        count={tokens.data ? rows.length : LOADING_ROWS}
        rowAt={(index) => rows[index]}
        rowKey={(token) => token.id}
        sort={sort}
        onSort={setSort}
        isStale={(token) => token.state !== "active"}
        narrow={{
          height: 64,
          row: (token) => <NarrowToken token={token} onRevoke={allowed ? setRevoking : undefined} />,
        }}
      />
      {revoking ? <RevokeDialog token={revoking} onClose={() => setRevoking(undefined)} /> : null}
    </>
  );
}

function AddButton() {
  return (
    <Button
      leftSection={<IconPlus size={16} />}
      renderRoot={(props) => <Link to="." search={(before) => ({ ...before, add: true })} {...props} />}
    >
      Add a server
    </Button>
  );
}
