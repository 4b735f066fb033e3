"""Everything a non-programmer may want to change, as TOML. Installed as ``sheetkit.templates``."""
