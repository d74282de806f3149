"""How each explorable is played to its goals, by the keyboard alone: one function a goal, in their order."""

import re

from playwright.sync_api import expect


def turn(board, name, to):
    """Turn the slider `name` to a value by its keys."""
    slider = board.get_by_role("slider", name=name, exact=True)
    small, low, high = slider.evaluate("({ step, min, max }) => [step, min, max].map(Number)")
    slider.focus()
    for _ in range(40):
        left = to - float(slider.input_value())
        if abs(left) < small / 2:
            return
        key = "Page{}" if abs(left) > (high - low) / 10 else "Arrow{}"
        presses = 1 if key == "Page{}" else max(1, round(abs(left) / small))
        way = ("Up" if left > 0 else "Down") if key == "Page{}" else "Right" if left > 0 else "Left"
        for _ in range(presses):
            board.page.keyboard.press(key.format(way))
    raise AssertionError(f"{name} does not reach {to}")


def press(board, name):
    button = board.get_by_role("button", name=name, exact=True)
    button.focus()
    button.press("Enter")


def choose(board, group, name):
    board.get_by_role("group", name=group).get_by_role("radio", name=name, exact=True).press("Space")


def reached(board, number, seconds=30):
    row = board.get_by_role("list", name="Goals").get_by_role("listitem").nth(number)
    expect(row).to_contain_text("Reached", timeout=1000 * seconds)


def line_by_hand(board):
    turn(board, "slope w", 3.0)
    turn(board, "intercept b", 0.58)


def line_edge(board):
    press(board, "Back to 0, 0")
    turn(board, "learning rate", 0.475)
    press(board, "Walk downhill")
    expect(board).to_contain_text("arrives at 0.475", timeout=20_000)
    press(board, "Pause")
    press(board, "Back to 0, 0")
    turn(board, "learning rate", 0.495)
    press(board, "Walk downhill")
    expect(board).to_contain_text("explodes at 0.495", timeout=20_000)


def line_at_rest(board):
    press(board, "Back to 0, 0")
    choose(board, "houses a step", "6")
    turn(board, "learning rate", 0.2)
    press(board, "Walk downhill")
    board.page.wait_for_timeout(5000)
    turn(board, "learning rate", 0.015)


def push(board, name, key, times):
    """Press a key on a handle some times."""
    board.get_by_role("button", name=name).focus()
    for _ in range(abs(times)):
        board.page.keyboard.press(key)


def hinges_year(board):
    turn(board, "bias, added to the sum", -0.05)
    push(board, "Hinge 2, knee", "ArrowRight", 5)
    push(board, "Hinge 3, knee", "ArrowRight", 5)
    push(board, "Hinge 1, weight", "ArrowUp", 12)  # each press is a sixteenth
    push(board, "Hinge 2, weight", "ArrowDown", 41)
    push(board, "Hinge 3, weight", "ArrowUp", 48)


def hinges_tower(board):
    choose(board, "match", "a tower")
    turn(board, "hinges", 4)
    press(board, "Flat again")  # knees at 1, 3.8, 6.5 and 9.3
    for number, times in enumerate((20, 12, 15, 7), start=1):
        push(board, f"Hinge {number}, knee", "ArrowRight", times)
    press(board, "Least squares for the weights")


def hinges_without_bend(board):
    choose(board, "activation", "none")
    turn(board, "hinges", 8)
    press(board, "Least squares for the weights")
    expect(board).to_contain_text("Without a bend the sum stays a straight line.")


def pen(board, *moves):
    """Move the pen by its keys: to the right and down, in pixels; "draw" and "lift" are told before a move."""
    keyboard = board.page.keyboard
    board.get_by_role("button", name="Pen").focus()
    for move in moves:
        if isinstance(move, str):
            keyboard.press("Space")
            continue
        for far, less, more in zip(move, ("ArrowLeft", "ArrowUp"), ("ArrowRight", "ArrowDown"), strict=True):
            key = more if far > 0 else less
            for _ in range(abs(far) // 5):
                keyboard.press(f"Shift+{key}")
            for _ in range(abs(far) % 5):
                keyboard.press(key)


FOUR = ("draw", (0, 9), (10, 0), (0, -9), (0, 18), "lift")


def digit_three(board):
    press(board, "Clear")
    pen(board, (-5, -9), "draw", (10, 0), (0, 18), "lift")  # the pen begins in the middle; this is a 7
    press(board, "Clear")
    pen(board, (-10, -18), *FOUR)
    press(board, "Clear")
    pen(board, (-10, -18), "draw", (10, 0), (0, 9), (-10, 0), (10, 0), (0, 9), (-10, 0), "lift")


def digit_dirt(board):
    press(board, "Clear")
    pen(board, (0, -18), *FOUR)
    expect(board).to_contain_text("it reads 4")
    pen(board, (-14, -1), "draw", (0, -5), "lift")


def digit_pushed(board):
    box = board.get_by_role("checkbox", name="centre and scale it")
    box.press("Space")
    for _ in range(5):
        press(board, "Push it left")


def backward_second(board):
    press(board, "Next step")
    turn(board, "input x₁", 0)
    turn(board, "input x₂", -2)


def backward_cancels(board):
    press(board, "The lesson's numbers")
    turn(board, "label of p₁", 14)
    turn(board, "label of p₂", 3)


def whole(text):
    return int(text.replace("−", "-"))


def number_at(board, key):
    return whole(board.locator(f".plot [data-key='{key}']").inner_text())


def backward_asked(board):
    """Read what stands there, and multiply it as a learner would."""
    for number in range(1, 4):
        press(board, "Ask me" if number == 1 else f"Ask me number {number}")
        kind, *at = board.locator(".asked").get_attribute("data-key").split()
        if kind == "W2":
            answer = number_at(board, f"h {at[0]}") * number_at(board, f"e {at[1]}")
        else:
            chips = board.locator(".chip", has=board.page.locator(f"[data-key^='W2 {at[-1]} ']")).all()
            weights = [whole(chip.locator(".given").inner_text()) for chip in chips]
            answer = sum(weight * number_at(board, f"e {k}") for k, weight in enumerate(weights))
        if kind == "W1":
            carried = whole(board.locator(".unit-box.small .given").nth(int(at[0])).inner_text())
            answer *= carried * (number_at(board, f"z {at[1]}") > 0)
        turn(board, "your guess", answer)
        press(board, "Check")
        expect(board).to_contain_text("in a row" if number < 3 else "Reached. You have done")


def bits_file(board):
    turn(board, "smallest weights set to zero", 78)
    turn(board, "bits for each weight", 3)


def bits_loud(board):
    turn(board, "smallest weights set to zero", 0)
    turn(board, "one unit louder", 4)  # times 16
    turn(board, "bits for each weight", 6)
    expect(board).to_contain_text("With one scale for all it took 6 bits.")
    choose(board, "scale", "one for each unit")
    turn(board, "bits for each weight", 3)


def bits_own(board):
    press(board, "Clear the pad")
    pen(board, (-5, -9), *FOUR)
    expect(board.locator(".sizes li").nth(2)).to_contain_text("4, ")
    turn(board, "one unit louder", 0)
    turn(board, "smallest weights set to zero", 50)


def borrow_exchange(board):
    board.locator(".example").first.focus()
    for _ in range(80):  # about one in fifteen does it
        board.page.keyboard.press("Enter")
        if board.get_by_role("list", name="Goals").get_by_text("Reached").count():
            return


def ten_draws(board, count):
    """Take ten draws more with so many examples of each digit."""
    choose(board, "examples of each digit", str(count))
    caption = board.locator("figcaption", has_text=f"with {count} of each")
    before = int(re.search(r"(\d+) draws? with", caption.inner_text())[1])
    press(board, "Ten draws")
    expect(caption).to_contain_text(f"{before + 10} draws", timeout=20_000)


def borrow_twin(board):
    for count in (1, 2, 5, 10):
        ten_draws(board, count)


def borrow_steady(board):
    for _ in range(2):
        ten_draws(board, 40)


def codes_encoder(board):
    push(board, "Here", "ArrowRight", 28)  # each press is a hundredth of the map
    push(board, "Here", "ArrowUp", 45)


def codes_cliff(board):
    push(board, "Here", "ArrowRight", 6)
    push(board, "Here", "ArrowDown", 6)
    push(board, "Other end", "ArrowLeft", 14)
    push(board, "Other end", "ArrowUp", 13)


def codes_stranger(board):
    choose(board, "picture", "a stroke")
    push(board, "Here", "ArrowLeft", 33)
    push(board, "Here", "ArrowDown", 2)


def depth_level(board):
    turn(board, "spread of the first weights", 1)


def depth_sigmoid(board):
    choose(board, "activation", "sigmoid")
    board.get_by_role("checkbox", name="shortcuts").press("Space")


def depth_hundred(board):
    choose(board, "activation", "ReLU")
    turn(board, "spread of the first weights", 2)
    board.get_by_role("checkbox", name="batch normalization").press("Space")
    turn(board, "layers", 100)


def duel_collapse(board):
    press(board, "Start")
    expect(board.locator(".number", has_text="good points")).to_have_text(re.compile("[6-9][0-9] %"), timeout=90_000)
    choose(board, "turns of the detective", "0, held still")
    press(board, "New generator")


def duel_cure(board):
    choose(board, "turns of the detective", "1")
    reached(board, 1, seconds=60)


def duel_chase(board):
    choose(board, "turns of the generator", "10")
    for who in ("generator", "detective"):
        press(board, f"New {who}")
    reached(board, 2, seconds=90)


def look_lead(board):
    push(board, "Query of bites", "ArrowLeft", 27)  # each press is a tenth
    push(board, "Query of bites", "ArrowUp", 25)


def look_who_bites(board):
    check_box(board, "add its place to each key")
    push(board, "Query of bites", "ArrowRight", 27)
    push(board, "Query of bites", "ArrowUp", 7)


def look_who_is_bitten(board):
    push(board, "Query of bites", "ArrowLeft", 14)
    push(board, "Query of bites", "ArrowDown", 56)
    push(board, "Key of bites", "ArrowUp", 45)


def overfit_noise(board):
    turn(board, "degree", 11)


def overfit_penalty(board):
    turn(board, "degree", 12)
    turn(board, "L2 penalty", -1.5)


def overfit_points(board):
    turn(board, "L2 penalty", -6)
    turn(board, "training points", 60)


def check_box(board, name):
    board.get_by_role("checkbox", name=name, exact=True).press("Space")


def playground_circle(board):
    turn(board, "hidden layers", 0)
    for name in ("x₁²", "x₂²", "x₁", "x₂"):
        check_box(board, name)
    press(board, "Start")


def playground_spiral(board):
    press(board, "Pause")
    choose(board, "data", "spiral")
    turn(board, "hidden layers", 2)
    turn(board, "neurons in each", 8)
    for name in ("x₁", "x₂", "x₁²", "x₂²"):
        check_box(board, name)
    press(board, "Start")


def playground_held_back(board):
    press(board, "Pause")
    choose(board, "data", "two Gaussians")
    turn(board, "noise", 0.4)
    turn(board, "hidden layers", 4)
    turn(board, "neurons in each", 16)
    turn(board, "batch size", 1)  # the second on offer
    turn(board, "learning rate", 2)
    press(board, "Start")
    expect(board).to_contain_text("it learns the noise", timeout=90_000)
    press(board, "Pause")
    press(board, "Reset")
    choose(board, "regularization", "L2")
    turn(board, "strength of regularization", 2)
    press(board, "Start")
    reached(board, 2, seconds=90)


def search_by_hand(board):
    push(board, "Where to try next", "ArrowRight", 30)  # each press is a tenth of a power
    press(board, "Try here")
    push(board, "Where to try next", "ArrowDown", 20)
    for _ in range(2):
        press(board, "Try here")
        push(board, "Where to try next", "ArrowRight", 3)


def search_grid(board):
    turn(board, "how much the penalty matters", 1)
    press(board, "20 of each")


def search_noise(board):
    turn(board, "noise of the judge", 0.2)
    press(board, "20 of each")


def unrolled_hold(board):
    choose(board, "series", "1, later −1")
    turn(board, "weight of the state before", 1.2)


def unrolled_level(board):
    choose(board, "series", "a single 1")
    turn(board, "weight of the input", 0.1)
    turn(board, "weight of the state before", 1)


def unrolled_first_year(board):
    choose(board, "series", "sunspots")
    turn(board, "weight of the state before", -1.15)


def kernel_corners(board):
    choose(board, "picture", "a square")
    for number, weight in enumerate((1, 0, -1, 0, 0, 0, -1, 0, 1)):
        board.get_by_label(f"Weight in row {number // 3 + 1}, column {number % 3 + 1}").focus()
        board.page.keyboard.press("ControlOrMeta+a")
        board.page.keyboard.type(str(weight))


def kernel_one_place(board):
    choose(board, "picture", "a digit")
    choose(board, "stride", "2")
    choose(board, "max pooling", "3")
    turn(board, "push by", 5)
    press(board, "Push it right")
    expect(board).to_contain_text("The map has changed.")
    press(board, "Home")
    turn(board, "push by", 6)
    press(board, "Push it right")


def kernel_readers(board):
    for _ in range(4):  # from the 3 to the 7
        press(board, "Another digit")
    turn(board, "push by", 2)
    press(board, "Push it up")


def gate(board, first, last, **values):
    """Set gates from one step to another."""
    press(board, "All steps")
    turn(board, "to", last)
    turn(board, "set the steps from", first)
    for name, value in values.items():
        turn(board, f"{name} gate {name[0]}", value)


def gates_hold(board):
    gate(board, 1, 40, input=0, forget=1)
    gate(board, 6, 6, input=1)


def gates_questions(board):
    gate(board, 24, 24, forget=0, input=1)
    gate(board, 1, 40, output=0)
    gate(board, 20, 20, output=1)
    gate(board, 40, 40, output=1)


def gates_half(board):
    gate(board, 24, 24, input=0)
    gate(board, 7, 40, forget=0.98)


PLAYS = {
    "backward": [backward_second, backward_cancels, backward_asked],
    "bits": [bits_file, bits_loud, bits_own],
    "borrow": [borrow_exchange, borrow_twin, borrow_steady],
    "codes": [codes_encoder, codes_cliff, codes_stranger],
    "depth": [depth_level, depth_sigmoid, depth_hundred],
    "digit": [digit_three, digit_dirt, digit_pushed],
    "duel": [duel_collapse, duel_cure, duel_chase],
    "gates": [gates_hold, gates_questions, gates_half],
    "hinges": [hinges_year, hinges_tower, hinges_without_bend],
    "kernel": [kernel_corners, kernel_one_place, kernel_readers],
    "line": [line_by_hand, line_edge, line_at_rest],
    "look": [look_lead, look_who_bites, look_who_is_bitten],
    "overfit": [overfit_noise, overfit_penalty, overfit_points],
    "playground": [playground_circle, playground_spiral, playground_held_back],
    "search": [search_by_hand, search_grid, search_noise],
    "unrolled": [unrolled_hold, unrolled_level, unrolled_first_year],
}
