import type { AuthorizedKey, SeenUser } from "@/api/generated/model";
import { Fact, Facts, ListFact, LongText, TextFact, TimeFact } from "./facts";
import { PASSWORD_WORDS, rootWords } from "./user-columns";

/** One account: how it comes in, and what it may. */
export function UserDetail({ user }: { user: SeenUser }) {
  const keys = user.authorized_keys;
  return (
    <>
      <Facts>
        <Fact term="Log in">{user.can_log_in ? "has a shell that lets one in" : "its shell lets nobody in"}</Fact>
        <Fact term="Root">
          <LongText value={rootWords(user)} />
        </Fact>
        <Fact term="Password">{user.password ? PASSWORD_WORDS[user.password] : "not visible to the agent"}</Fact>
        <TimeFact term="Last login" at={user.last_login_at} />
      </Facts>
      <Facts title="SSH keys that open it">
        {keys == null ? (
          <Fact term="Keys">{user.can_log_in ? "not visible to the agent" : "not looked for: it cannot log in"}</Fact>
        ) : null}
        {keys?.length === 0 ? <Fact term="Keys">none</Fact> : null}
        <ListFact term="Keys" values={keys?.map(keyWords) ?? []} mono />
      </Facts>
      <Facts title="Account">
        <Fact term="UID">{user.uid}</Fact>
        <Fact term="GID">{user.gid}</Fact>
        <ListFact term="Groups" values={user.groups ?? []} />
        <TextFact term="Home" value={user.home} mono />
        <TextFact term="Shell" value={user.shell} mono />
        <TimeFact term="So since" at={user.seen_from} />
      </Facts>
    </>
  );
}

/** A key with what it may: "from", "command" and others narrow it. */
function keyWords(key: AuthorizedKey): string {
  const options = key.options?.length ? `only with: ${key.options.join(", ")}` : null;
  return [[key.type, key.comment].filter(Boolean).join(" "), key.fingerprint, options].filter(Boolean).join("\n");
}
