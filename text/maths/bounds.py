import functools
import re
import unicodedata

from text.maths.mathml import converted

FORMULA_MAX = 2_000  # characters
# math-core 0.9 needs about 3 kB of stack for each level; the smallest
# threads have 128 kB
NESTING_MAX = 30

PIECE = re.compile(
    r"""
      (?P<cell>&|\\\\|\\cr(?![A-Za-z]))
    | (?P<open>[{\[]|\\(?:left|begin)(?![A-Za-z]))
    | (?P<close>[}\]]|\\(?:right|end)(?![A-Za-z]))
    | (?P<scope>\\(?:color|bf|it|rm|sf|tt|cal|frak|bfseries|itshape
        |(?:display|text|script|scriptscript)style|tiny|small|scriptsize|footnotesize
        |normalsize|large|Large|LARGE|huge|Huge)(?![A-Za-z]))
    | (?P<command>\\[A-Za-z]+)
    | (?P<atom>\\.|[^\s~^_\\])
    """,
    re.VERBOSE,
)
OPENERS = {"}": "{", "]": "[", r"\right": r"\left", r"\end": r"\begin"}
# between two commands of a chain: \frac1\frac1\frac1… nests without a
# brace
ATOMS_IN_CHAIN = 2
# A macro of its own may turn 2,000 characters into 3,000,000.
DEFINES = re.compile(
    r"\\(?:(?:re|provide)?newcommand|new(?:re)?command|providecommand|[gex]?def|let"
    r"|newenvironment)\b"
)

# math-core 0.9 doubles its time with every opening bracket that nothing
# closes: forty never end in practice.
UNCLOSED_MAX = 10
TOKEN = re.compile(
    r"""
      \\(?:middle|[bB]igg?m?)(?![A-Za-z])\s*(?:\\[A-Za-z]+|\\.|.)?
    | (?P<begin>\{|\\left(?![A-Za-z])\s*(?:\\[A-Za-z]+|\\.|.)?)
    | (?P<end>\}|&|\\\\|\\right(?![A-Za-z])\s*(?:\\[A-Za-z]+|\\.|.)?)
    | (?P<open>[(\[⌜⌞⎰]|\\\{|\\[bB]igg?l(?![A-Za-z])\s*(?:\\[A-Za-z]+|\\.|.)?
        |\\(?:[lL](?:[aA]ng|brac|Brac|ceil|floor|group
        |lang|lbrac|mous|[vV]+ert|paren|Paren|Vert)|ul|ll)[A-Za-z]*)
    | (?P<close>[)\]]|\\\}|\\[bB]igg?r(?![A-Za-z])\s*(?:\\[A-Za-z]+|\\.|.)?
        |\\r(?:brace|brack|paren|angle|floor|ceil|vert|Vert|group)(?![A-Za-z]))
    | (?P<script>[\^_])
    | \\(?P<command>[A-Za-z]+)
    | (?P<atom>\\.|[^\s~])
    """,
    re.VERBOSE | re.DOTALL,
)


def is_safe(source: str) -> bool:
    if not source or DEFINES.search(source) or nests_too_deeply(source):
        return False
    return unclosed_brackets(source) <= UNCLOSED_MAX


def nests_too_deeply(source: str) -> bool:
    """Counted high rather than low, since commands may take the next
    command as their argument without any brace.

    Per open group: the switches in force, and the commands that may still
    be waiting for an argument.
    """
    outer: list[tuple[str, int, int]] = []
    scopes = chain = atoms = above = 0
    for found in PIECE.finditer(source):
        kind = found.lastgroup
        if kind == "atom":
            atoms += 1
            if not (atoms <= ATOMS_IN_CHAIN):
                chain = 0
        elif kind == "cell":
            scopes = chain = 0
        elif kind == "command":
            chain, atoms = chain + 1, 0
        elif kind == "scope":
            scopes += 1
        elif kind == "open":
            outer.append((found[0], scopes, chain))
            above += scopes + chain + 1
            scopes = chain = atoms = 0
        elif place := place_of_opener(outer, found[0]):
            above -= sum(
                outer_scopes + outer_chain + 1
                for _, outer_scopes, outer_chain in outer[place - 1 :]
            )
            _, scopes, chain = outer[place - 1]
            atoms = 0
            del outer[place - 1 :]
        if above + scopes + chain > NESTING_MAX:
            return True
    return False


def place_of_opener(outer: list[tuple[str, int, int]], closer: str) -> int:
    """Which open group, counted from 1, this ends; 0 for none.

    A square bracket may stay open, as in [0, 1).
    """
    place = len(outer)
    while place and outer[place - 1][0] == "[" and closer != "]":
        place -= 1
    if place and outer[place - 1][0] == OPENERS[closer]:
        return place
    return 0


def unclosed_brackets(source: str) -> int:
    """How many opening brackets their group or cell leaves open, counted
    high rather than low: a bracket that a command or a script takes as its
    argument closes nothing.
    """
    abandoned = depth = waiting = 0
    outer: list[tuple[int, int]] = []
    for found in TOKEN.finditer(source):
        kind = found.lastgroup
        if kind == "open" or (
            kind == "atom" and unicodedata.category(found[0][-1]) in ("Ps", "Pi")
        ):
            depth += 1
            waiting = max(0, waiting - (found[0] != "["))
        elif kind == "close" and not waiting:
            depth = max(0, depth - 1)
        elif kind == "begin":
            outer.append((depth, waiting))
            depth = waiting = 0
        elif kind == "end":
            abandoned += depth
            depth = waiting = 0
            if outer and found[0] not in ("&", r"\\"):
                depth, waiting = outer.pop()
            waiting = max(0, waiting - 1)
        elif kind == "command":
            waiting = max(0, waiting - 1) + arguments_of(found["command"])
        elif kind == "script":
            waiting += 1
        else:
            waiting = max(0, waiting - 1)
    return abandoned + depth + sum(left_open for left_open, _ in outer)


@functools.lru_cache(maxsize=2048)
def arguments_of(command: str) -> int:
    """How many arguments the command takes, asked of math-core itself;
    three when it does not say.
    """
    if command in ("begin", "end", "color"):
        return 1
    return next(
        (
            count
            for count in range(3)
            if converted(f"\\{command}" + "{x}" * count, display=True)
        ),
        3,
    )
