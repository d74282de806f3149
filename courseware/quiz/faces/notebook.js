// A quiz below a cell of a notebook: Python has the record, grades again what it is sent, and answers every message.

const LATE = 5000; // milliseconds
const BUSY = "Your last answer is not kept yet, for the kernel is busy. If it was restarted, run this cell again and "
  + "answer once more.";
const GONE = "The kernel was restarted, and your answers are no longer kept. Run this cell again to go on where you were.";

function notebookStore(model) {
  const waiting = new Map(); // what to do with Python's answer, by the number of the message
  let say = () => {};
  let learner = "";
  const told = () => say(model.get("trouble"));

  function send(message) {
    try {
      model.send(message);
    } catch {
      say(GONE);
    }
  }
  function ask(message, answered = () => {}) {
    const number = drawing.newSeed();
    const timer = setTimeout(() => say(BUSY), LATE);
    waiting.set(number, (answer) => { clearTimeout(timer); answered(answer); });
    send({ ...message, number });
  }
  model.on("msg:custom", (answer) => {
    waiting.get(answer.number)?.(answer);
    waiting.delete(answer.number);
    if (!waiting.size) told();
  });
  model.on("change:trouble", told);

  const handIn = {
    note: () => "Write them to a file, and give that file to your teacher.",
    label: "Your name",
    button: "Write my answers to a file",
    learner: () => learner,
    named: (name) => { learner = name; },
    send: (quiz, grades, name) => new Promise((done) => ask({ learner: name }, ({ said }) => done(said))),
  };
  return {
    load: async () => {},
    earlier: () => model.get("data").earlier,
    seed: () => model.get("data").seed || undefined,
    tries: (_, question) => model.get("data").tries[question.id] ?? 0,
    answer: (_, question) => model.get("answers")[question.id] ?? null,
    keep(_, question, response) {
      model.set("answers", { ...model.get("answers"), [question.id]: response }); // for other views of this output
      ask({ question: question.id, response });
    },
    watch(tellLearner) {
      say = tellLearner;
      told();
    },
    ...(model.get("hand_in") ? { handIn } : {}),
    looksAt: (question) => send({ at: question?.id ?? "results" }),
  };
}

// JupyterLab goes on to the next cell. Where that hides the beginning of the quiz, it is brought back, once; a quiz that
// is out of sight, among cells that are all run at a time, stays there.
function bringIntoView(el) {
  new IntersectionObserver(([{ isIntersecting }], observer) => {
    observer.disconnect();
    if (isIntersecting) el.scrollIntoView({ block: "nearest" });
  }).observe(el);
}

export default {
  async render({ model, el }) {
    const { quiz, misconceptions } = model.get("data");
    const store = notebookStore(model);
    handKeysOn(el);
    await mount(el, { quiz, misconceptions, store, at: model.get("at"), onshow: store.looksAt });
    bringIntoView(el);
  },
};
