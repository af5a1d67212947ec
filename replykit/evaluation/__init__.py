"""How well a Kit reads: labeled messages beside what it makes of them, as figures, tables and plots.

`cases` does the reading; `figures`, `calibration`, `confusion` and `mistakes` each compare in their own way; `report`
joins them; `tables` and `page` (with `plots`) show it.
"""
