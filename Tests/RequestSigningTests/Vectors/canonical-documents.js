// Reads JSON texts that each end with a zero byte from the file named, and prints for each its form by
// RFC 8785, after the white space that Python strips is off the outermost strings. ECMAScript's own sort
// and its own JSON.stringify of strings and numbers are what the RFC refers to.
const fs = require("fs");
const space = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const ends = new RegExp(`^[${space}]+|[${space}]+$`, "g");

function form(value) {
    if (Array.isArray(value)) return "[" + value.map(form).join(",") + "]";
    if (value === null || typeof value !== "object") return JSON.stringify(value);
    const names = Object.keys(value).sort();
    return "{" + names.map((name) => JSON.stringify(name) + ":" + form(value[name])).join(",") + "}";
}

for (const text of fs.readFileSync(process.argv[2], "utf8").split("\0").slice(0, -1)) {
    const members = Object.entries(JSON.parse(text));
    const stripped = Object.create(null);
    for (const [name, value] of members) {
        stripped[name] = typeof value === "string" ? value.replace(ends, "") : value;
    }
    process.stdout.write(form(stripped) + "\0");
}
