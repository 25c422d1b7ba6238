"""JSON of strangers: in a form field it is refused in words, and in the
forms for passkeys too.
"""

import json
import time

import pytest
from django import forms
from django.core.cache import caches
from django.http import QueryDict
from django.test import Client

from fields.plainjson import can_be_kept
from members.tests.make import make_group, make_member

HALF = "\\ud800"
ODD = {
    "half a character": f'{{"id": "{HALF}"}}',
    "half a character alone": f'"{HALF}"',
    "half a character as a name": f'{{"{HALF}": 1}}',
    "a character that is no text": '["\\u0000"]',
    "objects in objects": '{"a":' * 3_000 + "1" + "}" * 3_000,
    "objects that never end": '{"a":' * 30_000,
    "lists": "[" * 50_000,
    "digits": "1" * 5_000,
    "digits in a list": "[1, " + "2" * 5_000 + "]",
    "no number": '{"id": NaN}',
    "endless": "-Infinity",
}
# JSON, but nothing that a passkey is.
STRANGE = [
    "[1]", "1", "{}", "null", '"x"', '{"id": 1}', '{"id": "AA"}',
    '{"id": "a", "rawId": "é", "type": "public-key", "response": {}}',
    '{"id": "AA", "rawId": "AA", "response": []}',
    ('{"id": "AA", "rawId": "AA", "response": '
     '{"clientDataJSON": "e30", "attestationObject": "n58"}}'),
    ('{"id": "AA", "rawId": "AA", "response": '
     '{"clientDataJSON": "W10", "authenticatorData": "A", "signature": "A"}}'),
]  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_odd_json_is_refused_and_shown_again(name: str) -> None:
    class Words(forms.Form):
        data = forms.JSONField()

    form = Words(QueryDict(mutable=True) | {"data": ODD[name]})

    assert not can_be_kept(ODD[name])
    assert form.errors == {"data": ["Enter a valid JSON."]}
    assert form["data"].value() == ODD[name]
    str(form).encode()


@pytest.mark.parametrize(
    "text",
    [
        '{"a": "[[[[[[[[[[[[[[[[[[[[ NaN \\\\ud800", "b": [1, -2.5e3, true]}',
        '"\\ud83d\\ude00"',
        '"open',
        "{",
        "",
        "\\",
    ],
)
def test_other_json_is_left_to_the_field(text: str) -> None:
    assert can_be_kept(text)


def test_texts_that_never_close_are_read_in_no_time() -> None:
    began = time.process_time()

    for text in ('"' + '\\"' * 200_000, '"' * 200_001, "[" * 200_000, "\\" * 200_001):
        can_be_kept(text)

    assert time.process_time() - began < 5


@pytest.mark.django_db
@pytest.mark.parametrize("credential", [*ODD.values(), *STRANGE])
@pytest.mark.parametrize("page", ["login", "add"])
def test_what_is_no_passkey_is_refused_in_words(
    client: Client, page: str, credential: str
) -> None:
    make_group()
    caches["default"].clear()
    if page == "add":
        client.force_login(make_member())
    client.get(f"/accounts/2fa/webauthn/{page}/")

    answer = client.post(
        f"/accounts/2fa/webauthn/{page}/", {"credential": credential, "name": "x"}
    )

    assert answer.status_code == (200 if page == "add" else 302)


def test_a_passkey_of_a_browser_is_no_odd_json() -> None:
    response = {
        "clientDataJSON": "e30",
        "transports": ["usb"],
        "extensions": {"credProps": {"rk": True}},
    }

    assert can_be_kept(
        json.dumps(
            {"id": "AA", "rawId": "AA", "type": "public-key", "response": response}
        )
    )
