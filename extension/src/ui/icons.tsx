// Drawn here, so that no page fetches anything. Each is decoration: the words stand beside it or in its button's label.

interface Drawn {
  size?: number;
  className?: string;
}

const drawing = (path: string, stroke = 1.5) =>
  function Icon({ size = 16, className }: Drawn) {
    return (
      <svg width={size} height={size} viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width={stroke} stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" class={className}>
        <path d={path} />
      </svg>
    );
  };

export const Plus = drawing("M8 3v10M3 8h10");
export const Refresh = drawing("M13.5 8a5.5 5.5 0 1 1-1.7-4M13.5 1.5v3h-3");
export const Dots = drawing("M3 8h.1M8 8h.1M13 8h.1", 2.4);
export const Warning = drawing("M8 2 1.5 13.5h13zM8 6.5v3M8 11.5h.01");
export const Info = drawing("M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM8 7.5v3.5M8 5h.01");
export const Done = drawing("M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM5 8l2.2 2.2L11 6");
export const Waiting = drawing("M8 1.5a6.5 6.5 0 1 1-6.5 6.5");
export const Paper = drawing("M4 1.5h5.5L13 5v9.5H4zM9 1.5V5.5h4M6.5 8.5h4M6.5 11h4");
export const Plug = drawing("M5.5 1.5v4M10.5 1.5v4M3.5 5.5h9v2a4.5 4.5 0 0 1-9 0zM8 12v2.5");
export const Lock = drawing("M3.5 7h9v7h-9zM5.5 7V4.5a2.5 2.5 0 0 1 5 0V7");
export const Up = drawing("M8 13V3M4 7l4-4 4 4");
export const Down = drawing("M8 3v10M4 9l4 4 4-4");
export const Cross = drawing("M4 4l8 8M12 4l-8 8");
export const Bin = drawing("M2.5 4.5h11M6 4.5v-2h4v2M4 4.5l.7 9h6.6l.7-9M6.8 7v4M9.2 7v4");
export const Chevron = drawing("M4 6l4 4 4-4");
export const Search = drawing("M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.7 10.7 14 14");
export const Outside = drawing("M9.5 2.5h4v4M13.5 2.5 7 9M11.5 9v4.5h-9v-9H7");
