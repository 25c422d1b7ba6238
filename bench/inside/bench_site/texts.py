"""What people of the group write, and what papers say: a pool of
texts, some long.
"""

import gzip
import json
import os
import random
from dataclasses import dataclass
from functools import cache
from itertools import cycle, islice
from typing import Any

from bench_site import checkout

SENTENCES = (
    "The loss sits at $\\ln 10$ from the first batch on, whatever rate I try.",
    "With the running mean kept in float32 it trains, with bfloat16 it does not.",
    "I wrote the backward pass by hand, and the check against autograd differs.",
    "The notebook of the third lesson needs 14 GB here, and my card has 8.",
    "Reading section 4 again helped: the mask is added *before* the softmax.",
    "Does anybody have the figures of the ablation, without the warm-up?",
    "On my data the small model wins, which I did not expect at all.",
    "I think the derivation drops a factor $\\frac{1}{n}$ between (7) and (8).",
    "Thank you, `torch.autograd.detect_anomaly` showed it within a minute.",
    "After two evenings the matrix form makes sense to me, the indices never did.",
    "The trick is to initialise the last layer with zeros.",
    "See [the paper](https://arxiv.org/abs/1706.03762) for the original drawing.",
    "My validation set had duplicates of the training set, **so it was too good**.",
    "What do you take as a baseline when the classes are this unbalanced?",
    "We could read this chapter together on Thursday.",
)
CODE = (
    "```python\nloss = F.cross_entropy(model(x), y)\nprint(loss.item())\n```",
    "```python\nfor p in model.parameters():\n    print(p.grad.norm().item())\n```",
    "```\nRuntimeError: mat1 and mat2 shapes cannot be multiplied (64x512, 9x10)\n```",
    "$$\\frac{\\partial L}{\\partial W} = \\sum_i \\delta_i x_i^\\top$$",
    "- batch size 64\n- learning rate $3 \\cdot 10^{-4}$\n- 20 epochs, one GPU",
    "> It is enough to look at the first ten examples of each class.",
)
# Words of few texts, for the search: one comment in so many ends with each.
SELDOM = {"wombat": 20_000, "quokka": 2_000, "numbat": 200}
TITLES = (
    "Why does my loss sit still?",
    "Backpropagation by hand, the second attempt",
    "What is the best way to read a proof?",
    "A small model that beats my large one",
    "How much maths do I need for the fourth step?",
    "My gradient check fails in one place",
    "Notes from a week of attention",
    "Which data set for a first project?",
)
NAMES = (
    "Ada Bo Chen Dora Emre Fumi Grace Hana Ivo Jun Kofi Lea Mira Nils Olu Priya".split()
)
SURNAMES = "Abara Berg Costa Dang Eriksen Fofana Gupta Haas Ito Jovic Kaya Lind".split()
ZONES = (
    *("UTC", "Europe/Berlin", "Asia/Kolkata", "Asia/Tokyo"),
    *("America/New_York", "America/Sao_Paulo", "Africa/Lagos", "Australia/Sydney"),
)

Columns = dict[str, str]


@dataclass(frozen=True, slots=True)
class Pools:
    posts: list[Columns]
    comments: list[Columns]
    seldom: dict[int, Columns]  # by how many comments there are to one

    def comment(self, pk: int) -> Columns:
        for share, columns in self.seldom.items():
            if pk % share == share // 2:
                return columns
        return self.comments[pk * 7 % len(self.comments)]


def pools(seed: int) -> Pools:
    """Texts of posts (short, with code and formulas, long) and of
    comments.
    """
    chance = random.Random(seed)
    posts = [post(chance, paragraphs) for paragraphs in (1, 1, 1, 2, 2, 3, 4, 8) * 12]
    comments = [comment(chance, sentences) for sentences in (1, 1, 2, 2, 3, 5) * 16]
    seldom = {
        share: checkout.text_columns(f"{SENTENCES[0]} It was the {word} layer.")
        for word, share in SELDOM.items()
    }
    return Pools(
        [checkout.text_columns(body) for body in posts],
        [checkout.text_columns(body) for body in comments],
        seldom,
    )


def post(chance: random.Random, paragraphs: int) -> str:
    parts = []
    for number in range(paragraphs):
        parts.append(" ".join(chance.sample(SENTENCES, chance.randint(2, 4))))
        if number % 2 == 0 and chance.random() < 0.5:
            parts.append(chance.choice(CODE))
    return "\n\n".join(parts)


def comment(chance: random.Random, sentences: int) -> str:
    words = " ".join(chance.sample(SENTENCES, sentences))
    return f"{words}\n\n{chance.choice(CODE)}" if chance.random() < 0.2 else words


def paper_pool(seed: int, count: int) -> list[Columns]:
    """Papers made of the titles and abstracts of real ones, two to each."""
    chance = random.Random(seed)
    real = real_papers()
    made = []
    for _number in range(count):
        first, second = chance.sample(real, 2)
        abstract = half(first["abstract"]) + " " + half(second["abstract"])
        made.append(
            {
                "title": first["title"][:400],
                "abstract": abstract,
                "authors": json.dumps(second["authors"][:12]),
                **checkout.paper_columns(first["title"][:400], abstract),
            }
        )
    return made


def half(abstract: str) -> str:
    sentences = abstract.split(". ")
    return ". ".join(sentences[: len(sentences) // 2 + 1])


@cache
def real_papers() -> list[dict[str, Any]]:
    """The papers that come with the site's demo; BENCH_PAPERS
    names their file.
    """
    with gzip.open(os.environ["BENCH_PAPERS"], "rt") as lines:
        return [json.loads(line) for line in lines]


def names(count: int) -> list[str]:
    every = [f"{first} {last}" for first in NAMES for last in SURNAMES]
    return list(islice(cycle(every), count))
