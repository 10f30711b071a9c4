/** Where a port can be reached from, in words. */

import type { PortAddressClass } from "@/api/generated/model";

interface Where {
  readonly words: string;
  readonly meaning: string;
  /** Whether somebody on another machine might reach it. */
  readonly isOpen: boolean;
}

export const WHERE: Readonly<Record<PortAddressClass, Where>> = {
  any: {
    words: "any address",
    meaning: "Listens on every address of this machine, unless a firewall stands before it.",
    isOpen: true,
  },
  public: { words: "public address", meaning: "Listens on an address of the internet.", isOpen: true },
  private: {
    words: "private network",
    meaning: "Listens on an address that only its own network can reach.",
    isOpen: true,
  },
  loopback: {
    words: "this machine only",
    meaning: "Listens on loopback: no other machine can reach it.",
    isOpen: false,
  },
};

export function isWhere(word: string | undefined): word is PortAddressClass {
  return word !== undefined && Object.hasOwn(WHERE, word);
}
