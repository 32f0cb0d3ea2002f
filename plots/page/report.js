// SPDX-License-Identifier: MIT
// Sorting and printing; without this script the page reads the same.
(() => {
	'use strict';
	const numbers = new Intl.Collator('en', {numeric: true});

	// What a cell sorts by: its first number as the file has it, else its
	// text; nothing measured sorts last in both directions.
	const key = (row, column) => {
		const cell = row.cells[column];
		const data = cell && cell.querySelector('data');
		if (!cell || cell.querySelector('.none'))
			return null;
		const text = cell.textContent.trim();
		if (data)
			return Number(data.value);
		if (!text || text === '–')
			return null;
		return isNaN(text) ? text : Number(text);
	};

	const compare = (a, b) => typeof a === 'number' && typeof b === 'number' ?
		a - b : numbers.compare(a, b);

	// Ascending, descending, as it was.
	const sort = (table, column, direction) => {
		const body = table.tBodies[0];
		const rows = [...body.rows].map((row, place) => {
			row.place ??= place;
			return {row, key: key(row, column)};
		});
		rows.sort((a, b) => {
			if (direction === 'none' || a.key === b.key)
				return a.row.place - b.row.place;
			if (a.key === null || b.key === null)
				return a.key === null ? 1 : -1;
			return compare(a.key, b.key) *
				(direction === 'ascending' ? 1 : -1) ||
				a.row.place - b.row.place;
		});
		body.append(...rows.map(item => item.row));
	};

	const next = {none: 'ascending', ascending: 'descending',
		descending: 'none'};

	const press = head => {
		const table = head.closest('table');
		const direction = next[head.ariaSort];
		for (const other of head.parentNode.cells)
			other.ariaSort = 'none';
		head.ariaSort = direction;
		sort(table, head.cellIndex, direction);
	};

	for (const head of document.querySelectorAll('table.sort thead th')) {
		const button = document.createElement('button');
		button.type = 'button';
		button.append(...head.childNodes);
		button.addEventListener('click', () => press(head));
		head.append(button);
		head.ariaSort = 'none';
	}

	// Figures that are folded on the screen are there on paper.
	let opened = [];
	addEventListener('beforeprint', () => {
		opened = [...document.querySelectorAll('details.figures:not([open])')];
		for (const details of opened)
			details.open = true;
	});
	addEventListener('afterprint', () => {
		for (const details of opened)
			details.open = false;
	});
})();
