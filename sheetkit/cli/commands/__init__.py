"""The commands, a file each. Heavy rooms are imported inside the command that needs them."""
