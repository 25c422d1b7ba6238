"""What every set of forms must keep to."""

from django import forms


class SentRows(forms.BaseInlineFormSet):
    """Rows of a page, as many as were sent: the number that the page
    states is only a claim.
    """

    def total_form_count(self) -> int:
        total = super().total_form_count()
        if not self.is_bound:
            return total
        return min(total, self._sent_count())

    def _sent_count(self) -> int:
        """Of how many rows any field came."""
        before = f"{self.prefix}-"
        numbers = {
            name.removeprefix(before).partition("-")[0]
            for name in self.data
            if name.startswith(before)
        }
        return len(
            numbers
            - {
                "TOTAL_FORMS",
                "INITIAL_FORMS",
                "MIN_NUM_FORMS",
                "MAX_NUM_FORMS",
                "__prefix__",
            }
        )
