"""Laws that hold for whatever Hypothesis draws."""
