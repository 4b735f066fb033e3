"""Blueprint → blank workbook; Analysis → added sheets. xlsxwriter writes; nothing is ever loaded and
saved again."""
