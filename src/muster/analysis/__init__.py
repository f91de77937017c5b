"""Text and value analysis, pure: tokens, stems, patterns, numbers, dates."""
