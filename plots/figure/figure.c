// SPDX-License-Identifier: MIT
//
// What the scripts of all figures have in common.
#include "figure.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "variant_style.h"

#define TITLE_CHARACTERS 52

static FILE *open_in(const char *directory, const char *name, const char *end)
{
	char *path;
	FILE *file;

	if (asprintf(&path, "%s/%s%s", directory, name, end) < 0)
		return NULL;
	file = fopen(path, "we");
	free(path);
	return file;
}

int figure_open(struct figure_files *files, const char *directory,
	const char *name, const char *columns)
{
	memset(files, 0, sizeof(*files));
	files->script = open_in(directory, name, ".gp");
	files->numbers = open_in(directory, name, ".dat");
	if (!files->script || !files->numbers) {
		int cause = errno;

		figure_close(files);
		errno = cause;
		return -1;
	}
	fprintf(files->script,
		"# %s: redraw with \"gnuplot %s.gp\" in this directory.\n"
		"reset\nset encoding utf8\nset datafile separator tab\n"
		"set border 0\nset tics nomirror scale 0\n"
		"unset key\nset xtics textcolor rgb '%s'\nset ytics textcolor "
		"rgb '%s'\n",
		name, name, SOFT_COLOUR, SOFT_COLOUR);
	fprintf(files->numbers,
		"# Read by %s.gp. Blocks (\"index\") follow its panels.\n"
		"# %s\n",
		name, columns);
	return 0;
}

const char *figure_group(const struct figure *figure, size_t panel)
{
	const char *group =
		panel <= GROUPED_PANELS ? figure->groups[panel - 1] : NULL;

	return group ? group : "";
}

void figure_panel(struct figure_files *files, struct figure *figure,
	const struct panel_box *box, const char *title, const char *group)
{
	FILE *out = files->script;
	double height = box->height;

	if (figure->panels < GROUPED_PANELS)
		figure->groups[figure->panels] = group;
	figure->panels++;
	fprintf(out,
		"\nset terminal svg size %d,%d fixed noenhanced %s "
		"font 'sans-serif,11' linewidth 1.2\n"
		"set output '%s-%02zu.svg'\n"
		"unset label\nunset arrow\nunset object\n",
		PANEL_WIDTH, box->height, box->round ? "rounded" : "butt",
		figure->name, figure->panels);
	fprintf(out,
		"set lmargin at screen %.4f\nset rmargin at screen %.4f\n"
		"set tmargin at screen %.4f\nset bmargin at screen %.4f\n",
		(double)box->left / PANEL_WIDTH,
		1 - (double)box->right / PANEL_WIDTH, 1 - box->top / height,
		box->bottom / height);
	fputs("set label ", out);
	figure_quote(out, title, TITLE_CHARACTERS);
	fprintf(out,
		" at screen 0.01, screen %.4f left "
		"font '" TITLE_FONT "' textcolor rgb '%s'\n",
		1 - 12 / height, INK_COLOUR);
}

/* Bytes of the UTF-8 character at text; 1 for a stray byte. */
static size_t character_bytes(const char *text)
{
	size_t bytes = 1;

	while (bytes < 4 && ((unsigned char)text[bytes] & 0xc0) == 0x80)
		bytes++;
	return bytes;
}

void figure_quote(FILE *script, const char *text, size_t limit)
{
	size_t bytes;

	fputc('\'', script);
	for (; *text && limit > 0; text += bytes, limit--) {
		bytes = character_bytes(text);
		if (limit == 1 && text[bytes])
			fputs("…", script);
		else if ((unsigned char)*text < ' ' || *text == 127)
			fputc(' ', script);
		else if (*text == '\'')
			fputs("''", script);
		else
			fwrite(text, 1, bytes, script);
	}
	fputc('\'', script);
}

static int close_one(FILE *file)
{
	int failed;

	if (!file)
		return 0;
	failed = ferror(file);
	return fclose(file) || failed ? -1 : 0;
}

int figure_close(struct figure_files *files)
{
	int script = close_one(files->script);
	int numbers = close_one(files->numbers);

	memset(files, 0, sizeof(*files));
	if (!script && !numbers)
		return 0;
	if (!errno)
		errno = EIO;
	return -1;
}
