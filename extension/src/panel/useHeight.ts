// The panel is as high as what it shows, within what Pipedrive allows; beyond that it scrolls.

import { useEffect, useRef } from "preact/hooks";
import type { Host } from "../host";

const LOWEST = 100;
const HIGHEST = 750;

export const within = (height: number): number => Math.min(Math.max(Math.ceil(height), LOWEST), HIGHEST);

export function useHeight(host: Host) {
  const root = useRef<HTMLElement>(null);
  useEffect(() => {
    const element = root.current;
    if (!element) return undefined;
    let last = 0;
    const measure = () => {
      // An open menu hangs below the page: it needs room, too.
      const bottoms = [element, ...element.querySelectorAll("[role=menu]")].map((each) => each.getBoundingClientRect().bottom + window.scrollY);
      const height = within(Math.max(...bottoms) + (bottoms.length > 1 ? 8 : 0));
      if (height === last) return;
      last = height;
      host.resize(height);
    };
    const sizes = new ResizeObserver(measure);
    const changes = new MutationObserver(measure);
    sizes.observe(element);
    changes.observe(element, { childList: true, subtree: true });
    measure();
    return () => {
      sizes.disconnect();
      changes.disconnect();
    };
  }, [host]);
  return root;
}
