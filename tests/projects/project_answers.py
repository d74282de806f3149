"""What learners hand in for a project, right and wrong; with scikit-learn in the place of a network, for speed."""

SPLIT = """\
import numpy as np
from courseware.projects import data
x, y = data("tumours")
_, first = np.unique(x, axis=0, return_index=True)
train_rows, valid_rows, test_rows = np.split(np.random.default_rng(0).permutation(first), [220, 310])
"""
TRAIN = """\
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

def train(x, y, seed):
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(x[:, :30], y)
    return lambda x: model.predict(x[:, :30])
"""
REPORT = """\
predict = train(x[train_rows], y[train_rows], 0)
scores = [np.mean(predict(x[rows]) == y[rows]) for rows in (valid_rows, test_rows)]
report = {"baseline": 0.9, "validation": scores[0], "test": scores[1]}
"""
RIGHT = [SPLIT, TRAIN, REPORT]

ALSO_RIGHT = {
    "a model with a method predict": [
        SPLIT,
        TRAIN.replace("    return lambda x: model.predict(x[:, :30])", "    return model").replace("x[:, :30], y", "x, y")
        .replace("make_pipeline(", "make_pipeline(Without(),")
        .replace("\ndef train", """
class Without:
    def fit(self, x, y): return self
    def transform(self, x): return x[:, :30]

def train"""),
        REPORT.replace("predict(x[rows])", "predict.predict(x[rows])"),
    ],
    "a column of answers, as floats": [SPLIT, TRAIN.replace("model.predict(x[:, :30])", "model.predict(x[:, :30])[:, None] * 1.0"),
                                       REPORT.replace("(x[rows])", "(x[rows])[:, 0]")],
    "lists of rows, a report of NumPy's numbers": [SPLIT + "train_rows = list(train_rows)\n", TRAIN, REPORT],
    "a magic, a picture and something printed": ["%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.show()\nprint(1)", *RIGHT],
}  # fmt: skip

HELD_OUT = """
from courseware.projects.parts import all_parts
parts = all_parts("tumours")
"""

# name: the cells, and what the reply has to say
WRONG = {
    "a cell crashes": ([SPLIT, "z = x @ y", *RIGHT[1:]], ["code cell 2", "`z = x @ y`", "ValueError"]),
    "a cell is no Python": ([SPLIT, "z = (", *RIGHT[1:]], ["code cell 2", "SyntaxError"]),
    "it leaves Python": ([SPLIT, "import os\nos._exit(3)", *RIGHT[1:]], ["code cell 2", "ended there by itself"]),
    "it asks": ([SPLIT, "z = input()", *RIGHT[1:]], ["code cell 2", "input"]),
    "no train": ([SPLIT, "from sklearn import svm", "report = {}"], ["there is no function `train`"]),
    "train returns nothing": (
        [SPLIT, TRAIN.replace("return lambda", "lambda"), "report = {}"], ["`train` returned None", "`report[\"baseline\"]`"],
    ),
    "train returns the answers": (
        [SPLIT, TRAIN.replace("return lambda x: ", "return "), "report = {}"], ["returned ndarray", "a function `predict`"],
    ),
    "predict returns nothing": ([SPLIT, TRAIN.replace("model.predict(x[:, :30])", "None"), "report = {}"], ["`predict` returned None"]),
    "predict returns probabilities": (
        [SPLIT, TRAIN.replace("model.predict(", "model.predict_proba("), "report = {}"], ["(169, 2)", "(169,)", "argmax"],
    ),
    "predict returns one probability": (
        [SPLIT, TRAIN.replace("model.predict(x[:, :30])", "model.predict_proba(x[:, :30])[:, 1]"), "report = {}"],
        ["no label", "> 0.5"],
    ),
    "predict returns nan": ([SPLIT, TRAIN.replace("model.predict(x[:, :30])", "np.full(len(x), np.nan)"), "report = {}"], ["nan"]),
    "train crashes": ([SPLIT, TRAIN.replace(", y)", ", y[:9])"), "report = {}"], ["`train(x, y, seed)`", "ValueError"]),
    "no rows": ([*RIGHT, "del test_rows"], ["Not started: `test_rows`"]),
    "rows of the data in place of their numbers": ([*RIGHT, "test_rows = x[test_rows]"], ["`test_rows` is no list of row numbers"]),
    "a row that is not there": ([*RIGHT, "test_rows = test_rows + 440"], ["no row", "0 to 439"]),
    "no report": ([*RIGHT, "report = 0.97"], ["report[\"baseline\"]"]),
    "a report without a test": ([*RIGHT, "del report['test']"], ["report[\"test\"]"]),
    "a report in percent": ([*RIGHT, "report['test'] *= 100"], ["between 0 and 1"]),
    "test rows in training": ([*RIGHT, "train_rows = np.concatenate([train_rows, test_rows[:5]])"],
                              ["5 of the 90 rows in `test_rows`", "in both parts"]),
    "twins not looked for": (
        [SPLIT.replace("permutation(first)", "permutation(len(x))"), *RIGHT[1:]],
        ["`test_rows` are known from `train_rows`", "number for number"],
    ),
    "validation rows in training": ([*RIGHT, "valid_rows = train_rows[:50]"], ["50 of the 50 rows in `valid_rows`", "`train_rows`"]),
    "a train that uses names of the notebook": (
        [SPLIT + "x_train, y_train = x[train_rows], y[train_rows]", TRAIN.replace("fit(x[:, :30], y)", "fit(x_train[:, :30], y_train)"), REPORT],
        ["wrong answers", "another name of the notebook"],
    ),
    "a train that has the whole data set": (
        [SPLIT, TRAIN.replace("    model", "    from sklearn.datasets import load_breast_cancer\n    a, b = load_breast_cancer(return_X_y=True)\n"
                              "    x, y = np.concatenate([x[:, :30], a]), np.concatenate([y, 1 - b])\n    model"), REPORT],
        ["wrong answers", "from elsewhere"],
    ),
    "a train that looks up the held-out part": (
        [SPLIT, HELD_OUT + "def train(x, y, seed):\n    from sklearn.neighbors import KNeighborsClassifier\n"
         "    return KNeighborsClassifier(1).fit(parts.held_x, parts.held_y).predict\n", REPORT],
        ["wrong answers"],
    ),
    "scaled by the new rows": (
        [SPLIT, TRAIN.replace("model.predict(x[:, :30])", "(x[:, 23] > np.median(x[:, 23])).astype(int)"), REPORT],
        ["other rows are asked for"],
    ),
    "another seed, another answer": (
        [SPLIT, TRAIN.replace("model.predict(x[:, :30])", "np.where(np.random.default_rng(seed).random(len(x)) < 0.2 * seed, 1, model.predict(x[:, :30]))"), REPORT],
        ["seeds 0 and 1 differ"],
    ),
    "worse than the baseline": (
        [SPLIT, TRAIN.replace("x[:, :30]", "x[:, 9:10]"), REPORT], ["On the held-out part", "must be better"],
    ),
    "the column that is known only later": (
        [SPLIT, TRAIN.replace("x[:, :30]", "x[:, 30:]"), REPORT], ["On the held-out part", "known on the day of the question"],
    ),
    "a test score that is too good": (
        [SPLIT, TRAIN.replace("LogisticRegression()", "LogisticRegression(C=1e-3)"), REPORT + "report['test'] = 1.05 - 0.05"],
        ["Your report says 100.0% right"],
    ),
}  # fmt: skip
