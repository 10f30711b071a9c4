import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useRouter } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { Problem } from "@/api/errors";
import { getGetSessionQueryKey, useSignIn } from "@/api/generated/session/session";
import { Logo } from "@/shared/logo/logo";
import classes from "./sign-in-page.module.css";

const route = getRouteApi("/sign-in");

export function SignInPage() {
  useDocumentTitle("Sign in · Nodestral");
  const { next } = route.useSearch();
  const router = useRouter();
  const queries = useQueryClient();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const signIn = useSignIn({
    mutation: {
      onSuccess: (session) => {
        queries.clear();
        queries.setQueryData(getGetSessionQueryKey(), session);
        router.history.push(next ?? "/nodes");
      },
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate({ data: { email, password } });
  };
  return (
    <main className={classes.page}>
      <form className={classes.form} onSubmit={submit}>
        <Logo />
        <h1 className={classes.title}>Sign in</h1>
        {next && !signIn.isError ? <p className={classes.note}>Sign in to go on where you were.</p> : null}
        <TextInput
          label="Email"
          type="email"
          name="email"
          autoComplete="username"
          required
          withAsterisk={false}
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {signIn.isError ? (
          <p className={classes.error} role="alert">
            {sentence(signIn.error)}
          </p>
        ) : null}
        <Button type="submit" loading={signIn.isPending} fullWidth>
          Sign in
        </Button>
      </form>
    </main>
  );
}

/** Why it did not work, in a sentence that tells a stranger nothing about which accounts exist. */
function sentence(error: unknown): string {
  if (!(error instanceof Problem)) return "The server did not answer. Check the connection and try again.";
  if (error.status === 401 || error.status === 400) return "Email and password do not belong together.";
  if (error.status === 429) {
    const wait = error.retryAfter ? ` Try again in ${error.retryAfter} s.` : " Try again later.";
    return `Too many attempts.${wait}`;
  }
  return error.message;
}
