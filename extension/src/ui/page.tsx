// How every page begins: the SDK first, then the theme and the language, then whatever it shows.

import { type ComponentType, render } from "preact";
import { type Api, openApi } from "../api/client";
import { type Host, openHost } from "../host";
import { guess, rememberLanguage } from "../i18n";
import { type Language, languageOf } from "../i18n/languages";
import { surroundings, type Surroundings } from "../surroundings";

export interface PageProps {
  host: Host;
  api: Api;
  around: Surroundings;
  /** Called with the language that the API says; draws the page anew where it is another one. */
  onLanguage: (heard: string) => void;
}

interface Opening {
  size: { height: number; width?: number };
  speak: (language: Language) => void | Promise<void>;
  /** What stands there until Pipedrive has answered, where the words are at hand from the start. */
  FirstSight?: ComponentType;
}

export async function openPage(Page: ComponentType<PageProps>, { size, speak, FirstSight }: Opening): Promise<void> {
  const root = document.getElementById("page");
  if (!root) return;
  const around = surroundings(location.search);
  const setTheme = (theme: string) => { document.documentElement.dataset["theme"] = theme; };
  setTheme(around.theme);
  // A modal is told what the panel heard; the API says it again to whoever asks it.
  let spoken = around.data["language"] ? languageOf(around.data["language"]) : guess();
  const spoke = speak(spoken);
  if (FirstSight) render(<FirstSight />, root);
  const [host] = await Promise.all([openHost(size), spoke]);
  host.onTheme(setTheme);
  const props: PageProps = { host, api: openApi(host.token), around, onLanguage };
  const draw = () => render(<Page {...props} />, root);
  draw();

  function onLanguage(heard: string) {
    const language = languageOf(heard);
    if (language === spoken) return;
    spoken = language;
    rememberLanguage(language);
    void Promise.resolve(speak(language)).then(draw);
  }
}
