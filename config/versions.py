"""Forms that two people may have open at the same time, of which neither
overwrites the other without a message.

A form carries a short digest of every field as it was opened. When it
comes back, each field is compared with what is stored now: what only the
other one changed stays, what only this one changed is saved, and what both
changed is shown to the later one, who chooses mine, theirs, or both. Both
texts are put into the field, with a mark before each, to be made into one;
they are not saved while a mark stands. It needs no column, so imports and
commands count as somebody else, too.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.admin_site import is_key
from config.formsets import SentRows

FIELD = "opened"
# Before each of two texts that stand in one field.
MINE, THEIRS = gettext_lazy("=== Yours ==="), gettext_lazy("=== Saved meanwhile ===")


@dataclass(frozen=True)
class Conflict:
    """A field that two people have changed since the later one opened it."""

    name: str
    label: str
    mine: str
    theirs: str
    takes_both: bool  # a text, or a list to tick: both fit into the field


class VersionField(forms.CharField):
    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class VersionedForm(forms.ModelForm):
    """A form of a row that refuses to overwrite what was saved
    since it was opened.
    """

    opened = VersionField()
    choices_in_errors = True  # False where the page shows `conflicts` itself

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflicts: list[Conflict] = []
        self.merged: list[str] = []
        self.saved_by = ""
        for name, field in self.fields.items():
            self._name(field.widget, str(self[name].label))
        if self.instance.pk:
            self.initial[FIELD] = _version(self._digests(self.instance))

    def _name(self, widget: forms.Widget, label: str) -> None:
        """Give fields a name that no label on the page gives: the two of a
        moment, and those in the rows of a table.
        """
        if isinstance(widget, forms.SplitDateTimeWidget):
            for part, words in zip(
                widget.widgets,
                (_("%(label)s, date"), _("%(label)s, time")),
                strict=True,
            ):
                part.attrs.setdefault("aria-label", words % {"label": label})
        elif self.prefix:
            widget.attrs.setdefault("aria-label", label)

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        if self.instance.pk:
            self._meet_what_is_stored()

    def _meet_what_is_stored(self) -> None:
        rows = type(self.instance)._default_manager.filter(pk=self.instance.pk)
        if connection.in_atomic_block:
            rows = rows.select_for_update()
        stored = rows.first()
        if stored is None:
            self.add_error(None, _("This is no longer here."))
            return
        opened, now = (
            _digests_in(self.cleaned_data.get(FIELD, "")),
            self._digests(stored),
        )
        for name, digest in now.items():
            if name not in self.cleaned_data or opened.get(name) == digest:
                continue
            mine = _digest(_value(self.cleaned_data[name]))
            if mine == digest:
                continue
            if mine == opened.get(name):
                self.merged.append(str(self[name].label))
                self.cleaned_data[name] = getattr(stored, name)
            else:
                self._note_conflict(name, stored)
                opened[name] = digest
        self._meet_again(stored, opened)

    def _meet_again(self, stored: models.Model, opened: dict[str, str]) -> None:
        """Let the form, when it is shown again, hold what was chosen for
        each conflict that was met before.
        """
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        met = {conflict.name for conflict in self.conflicts}
        if met:
            # What both changed counts as seen from here on; the rest is
            # compared with what was opened, as before.
            data[self.add_prefix(FIELD)] = _version(opened)
        for name in self._digests(stored):
            if name not in met:
                self._take(name, stored, data)
        self.data = data
        for name in self.fields:
            if name not in met:
                self._refuse_marks(name)

    def _note_conflict(self, name: str, stored: models.Model) -> None:
        field = stored._meta.get_field(name)
        theirs, mine = getattr(stored, name), self.cleaned_data[name]
        conflict = Conflict(
            name,
            str(self[name].label),
            _in_words(field, mine),
            _in_words(field, theirs),
            takes_both=takes_both(self.fields[name]),
        )
        self.conflicts.append(conflict)
        self.saved_by = self.saved_by or last_saved_by(stored)
        who = self.saved_by or _("Somebody else")
        if not self.choices_in_errors:
            self.add_error(name, self._conflict_in_words(name, theirs, who))
            return
        self.add_error(
            name,
            format_html(
                "{} {}<pre>{}</pre>{}",
                _("%(name)s changed this while you were writing.") % {"name": who},
                _("Now it says:"),
                conflict.theirs or _("(nothing)"),
                self._choices(conflict),
            ),
        )

    def _conflict_in_words(self, name: str, theirs: Any, who: str) -> str:
        """For a page without the choices of the admin."""
        return _("%(name)s changed this while you were writing.") % {"name": who}

    def _choices(self, conflict: Conflict) -> SafeString:
        name = self._choice(conflict.name)
        both = format_html(
            '<option value="both">{}</option>',
            _("both, put into the field for me to edit"),
        )
        return format_html(
            '<label for="id_{}">{}</label> <select name="{}" id="id_{}"><option '
            'value="">{}</option>'
            '<option value="theirs">{}</option>{}</select>',
            name,
            _("Save"),
            name,
            name,
            _("mine, as it stands in the field"),
            _("theirs"),
            both if conflict.takes_both else "",
        )

    def _choice(self, name: str) -> str:
        return self.add_prefix(f"take-{name}")

    def _take(self, name: str, stored: models.Model, data: Any) -> None:
        """Put theirs, or both, into the form, if that was chosen
        for this field.
        """
        field, theirs = self.fields[name], getattr(stored, name)
        choice = data.pop(self._choice(name), None)
        if choice in ("theirs", ["theirs"]):
            self.errors.pop(name, None)
            self.cleaned_data[name] = theirs
            _put(data, self.add_prefix(name), field.prepare_value(_value(theirs)))
        elif choice in ("both", ["both"]) and takes_both(field):
            both = _both(field, self[name].value(), field.prepare_value(theirs))
            _put(data, self.add_prefix(name), both)
            if not isinstance(both, str):
                self.add_error(
                    name,
                    _(
                        "Yours and what was saved meanwhile are ticked now. Check them, then save."
                    ),
                )

    def _refuse_marks(self, name: str) -> None:
        text = self.data.get(self.add_prefix(name))
        if isinstance(text, str) and (str(MINE) in text or str(THEIRS) in text):
            self.errors.pop(name, None)
            words = _(
                "Two texts stand here. Make them one, take out “%(mine)s” and "
                "“%(theirs)s”, and save."
            )
            self.add_error(name, words % {"mine": MINE, "theirs": THEIRS})

    def _digests(self, row: models.Model) -> dict[str, str]:
        """Field to the digest of its value, for the fields that
        this form holds.
        """
        return {
            field.name: _digest(field.value_from_object(row))
            for field in row._meta.concrete_fields
            if field.name in self.fields and not field.primary_key
        }


def versioned(form: type[Any]) -> type[Any]:
    if issubclass(form, VersionedForm):
        return form
    return type(form.__name__, (VersionedForm, form), {})


def last_saved_by(row: models.Model) -> str:
    """Who saved the row last in a form, by name; empty where nobody did."""
    entries = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(type(row)), object_id=str(row.pk)
    )
    newest = entries.select_related("user").order_by("-action_time", "-pk").first()
    if newest is None:
        return ""
    return str(newest.user)


def _value(value: Any) -> Any:
    if isinstance(value, models.Model):
        return value.pk
    return value


def takes_both(field: forms.Field) -> bool:
    """Whether the field is a text, or a list of which several may
    be ticked.
    """
    widget = field.widget
    if isinstance(widget, forms.widgets.DateTimeBaseInput):
        return False
    return isinstance(
        widget,
        forms.TextInput
        | forms.URLInput
        | forms.Textarea
        | forms.CheckboxSelectMultiple,
    )


def _both(field: forms.Field, mine: Any, theirs: Any) -> Any:
    """What a field holds that two people have changed: both texts with
    their marks, or all that either ticked.
    """
    if isinstance(field.widget, forms.CheckboxSelectMultiple):
        return list(dict.fromkeys([*(mine or ()), *(theirs or ())]))
    if isinstance(field.widget, forms.Textarea):
        return f"{MINE}\n\n{mine or ''}\n\n{THEIRS}\n\n{theirs or ''}"
    return f"{MINE} {mine or ''} {THEIRS} {theirs or ''}"


def _put(data: Any, name: str, value: Any) -> None:
    """Let the form hold the value, as if it had been sent."""
    if isinstance(value, list | tuple):
        data.setlist(name, [str(item) for item in value])
    elif value is None or value is False:
        # A browser sends nothing for an empty choice or a box that is not
        # ticked.
        data.pop(name, None)
    elif value is True:
        data[name] = "on"
    else:
        data[name] = str(value)


def _digest(value: Any) -> str:
    text = json.dumps(value, default=str, sort_keys=True)
    return hashlib.blake2s(
        text.encode("utf-8", "surrogatepass"), digest_size=5
    ).hexdigest()


def _version(digests: dict[str, str]) -> str:
    return " ".join(f"{name}:{digest}" for name, digest in digests.items())


def _digests_in(version: str) -> dict[str, str]:
    return dict(pair.split(":", 1) for pair in version.split() if ":" in pair)


def _in_words(field: Any, value: Any) -> str:
    if value in (None, ""):
        return ""
    if isinstance(value, list):
        return "\n".join(str(item) for item in value)
    choices = dict(field.flatchoices or ())
    return str(choices.get(value, value))


# The admin


class Autocomplete(AutocompleteSelect):
    """Django's, which fails where it is shown again with what cannot be
    the key of a row.
    """

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        key = self.field.remote_field.model._meta.pk
        return super().optgroups(
            name, [each for each in value if is_key(key, each)], attr
        )


class _Versioned:
    """What pages and tables of the admin share."""

    def formfield_for_foreignkey(
        self, db_field: Any, request: Any, **kwargs: Any
    ) -> Any:
        searched = self.get_autocomplete_fields(request)  # type: ignore[attr-defined]
        if "widget" not in kwargs and db_field.name in searched:
            site = self.admin_site  # type: ignore[attr-defined]
            kwargs["widget"] = Autocomplete(db_field, site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def get_fieldsets(self, request: Any, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)  # type: ignore[misc]
        if FIELD in flatten_fieldsets(fieldsets) or not self._may_be_saved(
            request, obj
        ):
            return fieldsets
        (name, options), *others = fieldsets
        return [(name, {**options, "fields": (*options["fields"], FIELD)}), *others]

    def _may_be_saved(self, request: Any, obj: Any) -> bool:
        return bool(
            self.has_change_permission(request, obj)  # type: ignore[attr-defined]
            or self.has_add_permission(request, obj)  # type: ignore[attr-defined]
        )


class VersionedAdmin(_Versioned, admin.ModelAdmin):
    def _may_be_saved(self, request: Any, obj: Any) -> bool:
        if obj:
            return bool(self.has_change_permission(request, obj))
        return bool(self.has_add_permission(request))

    def get_form(
        self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        return super().get_form(
            request, obj, change, **{"form": versioned(self.form), **kwargs}
        )

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if form.merged:
            words = _(
                "Somebody else changed this meanwhile: %(fields)s. Both changes stand."
            )
            messages.info(request, words % {"fields": ", ".join(form.merged)})


class VersionedInline(_Versioned, admin.TabularInline):
    formset = SentRows

    def get_formset(self, request: Any, obj: Any = None, **kwargs: Any) -> Any:
        return super().get_formset(
            request, obj, **{"form": versioned(self.form), **kwargs}
        )
