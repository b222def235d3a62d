// The wire protocol of @pipedrive/app-extensions-sdk, the host's side, as the SDK's source has it.
// Everything comes as a window message with the frame's id; every reply and every event goes back on the port that came
// with it. A command gets exactly one reply, and always an object: the SDK reads {error, data} from whatever comes.

const frames = new Map();
export const log = [];

export function register(frame) {
  frames.set(frame.id, frame);
}

export function forget(frame) {
  frames.delete(frame.id);
  frame.listeners.forEach((ports) => ports.forEach((port) => port.close()));
}

export const all = () => [...frames.values()];

// Push an event to whoever listens for it in this frame.
export function push(frame, event, data) {
  frame.listeners.get(event)?.forEach((port) => port.postMessage(data === undefined ? {} : { data }));
}

const EVENTS = new Set(["visibility", "close_custom_modal", "user_settings_change"]);

export function listen(answer) {
  addEventListener("message", (message) => {
    const frame = frames.get(message.data?.id);
    // The SDK sends to any origin, so the host must look: the window and the origin of the frame that has this id.
    if (!frame || message.source !== frame.element.contentWindow || message.origin !== frame.origin) return;
    const { payload } = message.data;
    log.push({ frame: frame.kind, payload });
    const [port] = message.ports;
    if (payload?.type === "command" && port) reply(answer, frame, payload, port);
    else if (payload?.type === "listener" && port && EVENTS.has(payload.event)) listener(frame, payload.event, port);
    else if (payload?.type === "listener" && port) port.postMessage({ error: "Invalid event" });
  });
}

function listener(frame, event, port) {
  if (!frame.listeners.has(event)) frame.listeners.set(event, []);
  frame.listeners.get(event).push(port);
}

async function reply(answer, frame, { command, args }, port) {
  let said;
  try {
    const data = await answer(frame, command, args ?? {});
    said = data === undefined ? {} : { data };
  } catch (error) {
    said = { error: error.message };
  }
  port.postMessage(said);
}
