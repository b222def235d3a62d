import js from "@eslint/js";
import a11y from "eslint-plugin-jsx-a11y";
import hooks from "eslint-plugin-react-hooks";
import typescript from "typescript-eslint";

export default typescript.config(
  { ignores: ["node_modules", "src/api/schema.d.ts"] },
  js.configs.recommended,
  ...typescript.configs.strictTypeChecked,
  a11y.flatConfigs.strict,
  {
    plugins: { "react-hooks": hooks },
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ["*.js"] }, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "react-hooks/rules-of-hooks": "error",
      "react-hooks/exhaustive-deps": "error",
      "max-lines": ["error", 300],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": "off", // `onClick={() => set(x)}` reads best so
    },
  },
  { files: ["build/**", "*.js"], ...typescript.configs.disableTypeChecked },
  { files: ["build/**"], languageOptions: { globals: { console: "readonly", Buffer: "readonly" } } },
);
