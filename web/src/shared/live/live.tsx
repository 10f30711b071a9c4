import { createContext, type ReactNode, useContext, useEffect, useRef, useSyncExternalStore } from "react";
import { type BatchListener, type LiveState, LiveStream } from "./stream";

const LiveContext = createContext(new LiveStream());

/** Keeps the stream open while the signed-in pages are. */
export function LiveProvider({ stream, children }: { stream: LiveStream; children: ReactNode }) {
  useEffect(() => {
    stream.start();
    return () => stream.stop();
  }, [stream]);
  return <LiveContext value={stream}>{children}</LiveContext>;
}

/** Calls back with merged events, at most four times a second. */
export function useLiveBatches(listener: BatchListener): void {
  const stream = useContext(LiveContext);
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => stream.onBatch((batch) => latest.current(batch)), [stream]);
}

/** Calls back when the connection was lost and is there again. */
export function useLiveReturn(listener: () => void): void {
  const stream = useContext(LiveContext);
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => stream.onReturn(() => latest.current()), [stream]);
}

/** While mounted, the stream also carries every sample of this node (`seen[].sample`). */
export function useLiveNode(nodeId: string): void {
  const stream = useContext(LiveContext);
  useEffect(() => {
    stream.focus(nodeId);
    return () => stream.focus(undefined);
  }, [stream, nodeId]);
}

export function useLiveState(): LiveState {
  const stream = useContext(LiveContext);
  return useSyncExternalStore(stream.onState, () => stream.state);
}
