import type { SeenUser } from "@/api/generated/model";
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
        {keys == null ? <Fact term="Keys">not visible to the agent</Fact> : null}
        {keys?.length === 0 ? <Fact term="Keys">none</Fact> : null}
        <ListFact term="Keys" values={keys?.map((key) => `${key.type}\n${key.fingerprint}`) ?? []} mono />
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
