import { createContext, useContext } from "react";
import type { Session } from "@/api/generated/model";

export const SessionContext = createContext<Session | null>(null);

/** The signed-in person and the organization in view. Only pages behind the sign-in may ask. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("This page needs a signed-in person.");
  return session;
}

/** Viewers look; everybody else may change nodes and tokens. The server decides, this only hides what it would refuse. */
export function mayChange(session: Session): boolean {
  return session.organization.role !== "viewer";
}
