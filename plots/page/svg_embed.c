// SPDX-License-Identifier: MIT
//
// An SVG file of gnuplot becomes a part of an HTML page.
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "gnuplot.h"
#include "report_html.h"
#include "variant_style.h"

static int read_whole(const char *path, char **text)
{
	FILE *file = fopen(path, "re");
	size_t room = 0;
	ssize_t got;

	*text = NULL;
	if (!file)
		return -1;
	errno = 0;
	got = getdelim(text, &room, '\0', file);
	fclose(file);
	if (got >= 0)
		return 0;
	if (!errno)
		errno = ENODATA;
	return -1;
}

static int starts(const char *at, const char *word)
{
	return !strncmp(at, word, strlen(word));
}

/* Past the group that begins at at, where there is nothing in it; gnuplot
 * writes many. Else at. */
static const char *skip_empty_group(const char *at)
{
	const char *end = starts(at, "<g ") ? strchr(at, '>') : NULL;

	if (!end)
		return at;
	end++;
	end += strspn(end, "\r\n\t ");
	return starts(end, "</g>") ? end + strlen("</g>") : at;
}

/* Past a marker of the definitions that the picture does not use, if at stands
 * on one; else at. */
static const char *skip_unused(const char *at, const char *svg)
{
	const char *end = strchr(at, '>'), *id = strstr(at, " id='gp");
	char reference[32];
	size_t length;

	if (!id || !end || id > end || end[-1] != '/')
		return at;
	id += strlen(" id='");
	length = strcspn(id, "'");
	snprintf(reference, sizeof(reference), "#%.*s'", (int)length, id);
	return strstr(svg, reference) ? at : end + 1;
}

/* Where at begins an element that a page does not want, its end; else at.
 * Titles would show as "gnuplot_plot_3" under the mouse. */
static const char *skip_element(const char *at, const char *svg)
{
	static const char *const unwanted[][2] = {
		{"<title>", "</title>"},
		{"<desc>", "</desc>"},
		{"<filter ", "</filter>"},
	};
	const char *end;

	for (size_t i = 0; i < sizeof(unwanted) / sizeof(*unwanted); i++) {
		if (!starts(at, unwanted[i][0]))
			continue;
		end = strstr(at, unwanted[i][1]);
		if (end)
			return end + strlen(unwanted[i][1]);
	}
	end = skip_empty_group(at);
	return end == at ? skip_unused(at, svg) : end;
}

/* The end of blanks that begin with a line's end; one is enough. */
static const char *skip_blanks(FILE *page, const char *at)
{
	fputc('\n', page);
	return at + strspn(at, "\r\n\t ");
}

/* Copies what introduces an id, if at stands on it, and the prefix. */
static const char *prefix_id(FILE *page, const char *at, const char *prefix)
{
	static const char *const before[] = {
		" id='", " id=\"", "href='#", "href=\"#", "url(#"};

	for (size_t i = 0; i < sizeof(before) / sizeof(*before); i++) {
		if (!starts(at, before[i]))
			continue;
		fprintf(page, "%s%s-", before[i], prefix);
		return at + strlen(before[i]);
	}
	return at;
}

/* A colour that the page knows becomes its variable: dark pages have another
 * value for it. */
static const char *name_colour(FILE *page, const char *at)
{
	unsigned red, green, blue;
	const char *variable;
	int length = 0;

	if (!starts(at, "rgb(") ||
		sscanf(at, "rgb(%u,%u,%u)%n", &red, &green, &blue, &length) <
			3 ||
		!length)
		return at;
	variable = style_colour_variable(red, green, blue);
	if (!variable)
		return at;
	fprintf(page, "var(%s)", variable);
	return at + length;
}

/* Attributes that say what holds anyway are left out, and those that begin
 * nearly every group of gnuplot's become a class of the style sheet: half of a
 * picture's bytes. */
static const char *shorten(FILE *page, const char *at)
{
	static const char *const shorter[][2] = {
		{" fill=\"none\" color=\"black\" stroke=\"currentColor\" "
		 "stroke-width=\"1.20\" stroke-linecap=\"butt\" "
		 "stroke-linejoin=\"miter\"",
			" class=\"k\""},
		{" stroke-linecap=\"butt\" stroke-linejoin=\"miter\"", ""},
		{" font-family=\"sans-serif\" font-size=\"11.00\" ", ""},
		{" font-family=\"sans-serif\"", ""},
		{" text-anchor=\"start\"", ""},
		{" class=\"gridline\" ", ""},
	};

	for (size_t i = 0; i < sizeof(shorter) / sizeof(*shorter); i++) {
		if (!starts(at, shorter[i][0]))
			continue;
		fputs(shorter[i][1], page);
		return at + strlen(shorter[i][0]);
	}
	return at;
}

static void copy(FILE *page, const char *at, const char *prefix)
{
	const char *svg = at;

	while (*at) {
		const char *next = at;

		switch (*at) {
		case '<':
			next = skip_element(at, svg);
			if (next != at)
				next += strspn(next, "\r\n\t ");
			break;
		case '\n':
			next = skip_blanks(page, at);
			break;
		case ' ':
			next = shorten(page, at);
			if (next == at)
				next = prefix_id(page, at, prefix);
			break;
		case 'h':
		case 'u':
			next = prefix_id(page, at, prefix);
			break;
		case 'r':
			next = name_colour(page, at);
			break;
		}
		if (next == at)
			fputc(*at++, page);
		else
			at = next;
	}
}

int svg_embed(FILE *page, const char *path, const char *prefix, const char *alt)
{
	const char *start;
	char *text;

	if (read_whole(path, &text)) {
		free(text);
		return -1;
	}
	start = strstr(text, "<svg");
	if (!start || !strstr(start, "</svg>")) {
		free(text);
		errno = ENODATA;
		return -1;
	}
	fputs("<svg role=\"img\" aria-label=\"", page);
	html_text(page, alt);
	fputs("\" ", page);
	copy(page, start + strlen("<svg"), prefix);
	free(text);
	return 0;
}
