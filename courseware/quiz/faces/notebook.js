// A quiz below a cell of a notebook: Python has the record, grades again what it is sent, and answers every message.

const LATE = 5000; // milliseconds
const NOT_YET = "Your last answer is not kept yet, for the kernel is busy. If it was restarted, run this cell again and "
  + "answer once more.";

function notebookStore(model) {
  const waiting = new Map();
  let late = false;
  let say = () => {};
  const tell = () => say(late ? NOT_YET : model.get("trouble"));

  // Promises Python's answer to a message.
  function ask(message) {
    const number = drawing.newSeed();
    return new Promise((resolve) => {
      const timer = setTimeout(() => { late = true; tell(); }, LATE);
      waiting.set(number, (answer) => { clearTimeout(timer); resolve(answer); });
      try {
        model.send({ ...message, number });
      } catch { // the kernel was restarted
        late = true;
        tell();
      }
    });
  }
  model.on("msg:custom", ({ number, ...answer }) => {
    waiting.get(number)?.(answer);
    waiting.delete(number);
    late &&= waiting.size > 0;
    tell();
  });
  model.on("change:trouble", tell);

  const store = {
    load: async () => {},
    answer: (_, question) => model.get("answers")[question.id] ?? null,
    keep(_, question, response) {
      model.set("answers", { ...model.get("answers"), [question.id]: response }); // for other views of this output
      ask({ question: question.id, response });
    },
    watch(tellLearner) {
      say = tellLearner;
      tell();
    },
  };
  let learner = "";
  const handIn = {
    note: () => "Write them to a file, and give that file to your teacher.",
    label: "Your name",
    button: "Write my answers to a file",
    learner: () => learner,
    named: (name) => { learner = name; },
    send: async (quiz, grades, name) => (await ask({ learner: name })).said,
  };
  return model.get("hand_in") ? { ...store, handIn } : store;
}

export default {
  async render({ model, el }) {
    const { quiz, misconceptions } = model.get("data");
    const onshow = (question) => model.send({ at: question?.id ?? "results" });
    await mount(el, { quiz, misconceptions, store: notebookStore(model), at: model.get("at"), onshow });
  },
};
