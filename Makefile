# Short names for those who like make; manage.py does the work.
.PHONY: up test lint fix lock doctor check
up test lint fix lock doctor:
	python3 manage.py $@
check:
	python3 manage.py up --check
