"""The words that papers are ranked by: their one form, and those that say
little. Knows no Django.
"""

import re
from functools import lru_cache

SHORT_NAMES = {
    "backprop": "backpropagation",
    "convnet": "convolution",
    "cnn": "convolution",
    "rnn": "recurrent",
    "llm": "language",
    "nlp": "language",
    "rl": "reinforcement",
}


# a week's abstracts hold a million words and 40,000 different ones
@lru_cache(maxsize=100_000)
def folded(word: str) -> str:
    """One form for singular and plural, British and American spelling, and a
    few short names.
    """
    if len(word) > 4 and word.endswith("ies"):
        word = f"{word[:-3]}y"
    elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    word = re.sub(r"is(ation|ing|ed|er|e)$", r"iz\1", word)
    if word.endswith("ional"):
        word = word[:-2]
    return SHORT_NAMES.get(word, word)


def _all_folded(words: str) -> frozenset[str]:
    return frozenset(map(folded, words.split()))


STOP = _all_folded(
    """
    a about above across after again against all almost along already also although
    always among an and another any are around as at be because been before being
    below between both but by can cannot come could did do does doing done down
    during each either else enough et etc even ever every few first for from further
    get give given go good had has have having he her here him his how however if in
    into is it its itself just keep know less let like ll made make many may me
    might more most much must my need never new next no non nor not now of off often
    on once one only onto or other our out over own per put rather same say see
    several shall she should since so some still such take than that the their them
    then there therefore these they thi this those three through thu thus to
    together too toward towards two under until up upon us use used using ve very
    via want was way we well were what when where whether which while who whole whom
    whose why will with within without would yet you your
    """
)
# Words of every course and of every abstract: they never count alone, and two of
# them together do not either.
GENERIC = _all_folded(
    """
    ability accuracy achieve act action activity add advance advanced advice algorithm
    allow analysis andrew answer anything application apply approach archive archived
    argument art article artificial ask aspect author auto available award away back
    backward bad base based basic beat begin beginner behind believe benchmark beside
    best better beyond big blog book bootcamp borrowed bottom bring build building
    capstone card cat certificate challenge change chapter cheat check choice choose
    class closed code coder coding collection command common community competition
    complete computer concept consist corpus cost count course cover create current cut
    data database dataset date datum day decide deep deeplearning demonstrate derivation
    derive describe design desk detail develop development different difficult discuss
    discussed dive doctoral dog domain draft easy edition effective effectiveness
    efficient encounter end engineer engineering enough enter environment equation error
    estimate evaluate evaluation everyday example exercise existing experience
    experiment experimental explain explanation explore facebook fail failing fast
    feature field fill film find finding finish fit five follow followed form forward
    foundation four framework free full fully function future gap general github goal
    going google ground group grow growing grown growth guide hack hand handbook happen
    hard hardware help helping high homework hour human hundred idea ii implement
    implementation important improve improved improvement improving include information
    input install intelligence interface intermediate introduce introduction
    introductory intuition issue jupyter kaggle key kind lab language laptop large last
    later learn learner learning lecture left lesson level library limited line link
    linux list long look low lower machine main map math mathematic maths matter mean
    meet method million minute mit model modern month move multiple name natural net
    network neural ng note notebook novel number objective online open order original
    outperform output overview package page paper part pass people performance person
    personal phd pick plain plan play playing plot plots point possible post power
    practical practice practitioner predict present problem process program programming
    project propose proposed provide public purpose python question quick quickly read
    reading ready real recent recipe record reference related remain repository
    represent require research resource result resume reveal review right rule run
    running scale school science scientist scratch second section seed seem self series
    set setup short show significantly simple single six size skill skim slide small
    software solution solve some somebody something source space special specialization
    spent spinning stage standard stanford start state step stop strong student study
    subject suggest support survey syllabu system talk target task teach technique tell
    ten term test text themselves theory thing think thinking third thousand time title
    tool top topic track traditional train training tune tutorial twenty type understand
    understanding unit university unreasonable update value variou version versus video
    view visit watch website week welcome wide will word work write year yourself zero
    """
)
