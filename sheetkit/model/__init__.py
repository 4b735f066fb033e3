"""What a customer book is: fields, lists, blueprint, book and findings. No I/O but reading ``templates/``."""
