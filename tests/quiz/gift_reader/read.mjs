// Reads GIFT on the standard input, each line one file as a JSON text, and answers each line with one: how gift-pegjs
// parses the file as {"questions": [...]}, or why it cannot as {"error": "..."}.
import { createInterface } from "node:readline";
import gift from "gift-pegjs";

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = { questions: gift.parse(JSON.parse(line)) };
  } catch (error) {
    answer = { error: `${error.message} ${JSON.stringify(error.location?.start ?? null)}` };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
