import { Button, NumberInput, Select, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { getListInstallTokensQueryKey, useCreateInstallToken } from "@/api/generated/install-tokens/install-tokens";
import type { NewInstallToken } from "@/api/generated/model";
import classes from "./add-server.module.css";

const LIFETIMES = [
  { value: "3600", label: "1 hour" },
  { value: "86400", label: "1 day" },
  { value: "604800", label: "7 days" },
  { value: "2592000", label: "30 days" },
];
const MOST_USES = 1000;

/** For how many machines and how long; the answer to a hurry is the button. */
export function TokenStep({ onMade }: { onMade: (made: NewInstallToken) => void }) {
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [uses, setUses] = useState<number | string>(1);
  const [lifetime, setLifetime] = useState("3600");
  const create = useCreateInstallToken({
    mutation: {
      onSuccess: (made) => {
        void queries.invalidateQueries({ queryKey: getListInstallTokensQueryKey() });
        onMade(made);
      },
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ data: { name: name.trim(), uses_allowed: Number(uses) || 1, lifetime_seconds: Number(lifetime) } });
  };
  return (
    <form className={classes.step} onSubmit={submit}>
      <p className={classes.dim}>
        You get one line to paste on the server. It carries a token that lets this many machines in, for this long.
      </p>
      <div className={classes.fields}>
        <NumberInput
          label="Machines"
          min={1}
          max={MOST_USES}
          clampBehavior="strict"
          allowDecimal={false}
          allowNegative={false}
          value={uses}
          onChange={setUses}
        />
        <Select
          label="Good for"
          data={LIFETIMES}
          value={lifetime}
          onChange={(value) => setLifetime(value ?? "3600")}
          allowDeselect={false}
        />
        <TextInput
          label="Note"
          placeholder="Optional: what it is for"
          maxLength={128}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      </div>
      {create.isError ? (
        <p className={classes.error} role="alert">
          The line could not be made. {create.error.message}
        </p>
      ) : null}
      <div className={classes.actions}>
        <Button type="submit" data-autofocus loading={create.isPending}>
          Make the line
        </Button>
      </div>
    </form>
  );
}
