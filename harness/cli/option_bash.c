// SPDX-License-Identifier: MIT
//
// The completion of bash: a function that knows which word it is at, and asks
// tables for what may stand there.
#include "commands.h"
#include "option_files.h"

static const char begin[] =
	"# Completion of serialbench for bash. Made from its option tables.\n"
	"\n"
	"# What follows an option: $1 is \"COMMAND:OPTION\".\n"
	"_serialbench_value()\n"
	"{\n"
	"\tcase $1 in\n";

static const char between[] = "\t*) return 1 ;;\n"
			      "\tesac\n"
			      "}\n"
			      "\n"
			      "# What a command takes besides.\n"
			      "_serialbench_command()\n"
			      "{\n"
			      "\tcase $1 in\n";

static const char middle[] = "\t*) return 1 ;;\n"
			     "\tesac\n"
			     "}\n"
			     "\n"
			     "_serialbench()\n"
			     "{\n"
			     "\tlocal cur=${COMP_WORDS[COMP_CWORD]} kind=none "
			     "names= options= head=\n"
			     "\tlocal prev=${COMP_WORDS[COMP_CWORD - 1]} word\n"
			     "\tlocal command=${COMP_WORDS[1]}\n"
			     "\n"
			     "\tCOMPREPLY=()\n"
			     "\tif [[ $COMP_CWORD -eq 1 || $COMP_CWORD -eq 2 "
			     "&& $command == help ]]\n"
			     "\tthen\n";

static const char end[] =
	"\t\tmapfile -t COMPREPLY < <(compgen -W \"$names\" -- \"$cur\")\n"
	"\t\treturn\n"
	"\tfi\n"
	"\t# --option=value is three words to bash.\n"
	"\tif [[ $cur == = ]]; then\n"
	"\t\tcur=\n"
	"\telif [[ $prev == = ]]; then\n"
	"\t\tprev=${COMP_WORDS[COMP_CWORD - 2]}\n"
	"\tfi\n"
	"\tif [[ $COMP_CWORD -gt 2 ]] &&\n"
	"\t\t_serialbench_command \"$command ${COMP_WORDS[2]}\"; then\n"
	"\t\tcommand+=\" ${COMP_WORDS[2]}\"\n"
	"\tfi\n"
	"\t_serialbench_command \"$command\" || return\n"
	"\tfor word in \"${COMP_WORDS[@]:2:COMP_CWORD - 2}\"; do\n"
	"\t\t[[ $word == -- ]] && options= prev= kind=file\n"
	"\tdone\n"
	"\tif ! _serialbench_value \"$command:$prev\" && [[ $cur == -* ]]; "
	"then\n"
	"\t\tkind=name names=$options\n"
	"\tfi\n"
	"\tcase $kind in\n"
	"\tname) mapfile -t COMPREPLY < <(compgen -W \"$names\" -- \"$cur\") "
	";;\n"
	"\tlist)\n"
	"\t\t[[ $cur == *,* ]] && head=${cur%,*},\n"
	"\t\tmapfile -t COMPREPLY < <(compgen -P \"$head\" -W \"$names\" \\\n"
	"\t\t\t-- \"${cur##*,}\")\n"
	"\t\tcompopt -o nospace 2>/dev/null ;;\n"
	"\tfile)\n"
	"\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
	"\t\tcompopt -o filenames 2>/dev/null ;;\n"
	"\tfolder)\n"
	"\t\tmapfile -t COMPREPLY < <(compgen -d -- \"$cur\")\n"
	"\t\tcompopt -o filenames 2>/dev/null ;;\n"
	"\tesac\n"
	"\treturn 0\n"
	"}\n"
	"complete -F _serialbench serialbench\n";

static const char *kind_name(enum option_kind kind)
{
	switch (kind) {
	case OPTION_LIST:
		return "list";
	case OPTION_FILE:
		return "file";
	case OPTION_FOLDER:
		return "folder";
	case OPTION_NUMBER:
	case OPTION_PERCENT:
		return "none";
	default:
		return "name";
	}
}

static void put_value(FILE *out, const struct option_command *command,
	const struct option_row *row)
{
	const char *name;

	fprintf(out, "\t'%s:--%s'", command->name, row->name);
	if (row->letter != '\0')
		fprintf(out, " | '%s:-%c'", command->name, row->letter);
	fprintf(out, ") kind=%s names='", kind_name(row->kind));
	for (size_t i = 0; (name = option_row_name(row, i)) != NULL; i++)
		fprintf(out, "%s%s", i > 0 ? " " : "", name);
	fputs("' ;;\n", out);
}

static void put_values(FILE *out, const struct option_command *command)
{
	const struct option_row *row;

	for (size_t i = 0; (row = option_row_at(command, i)) != NULL; i++)
		if (row->kind != OPTION_FLAG)
			put_value(out, command, row);
}

static const char *operand_kind(const struct option_operands *operands)
{
	if (operands->most == 0)
		return "none";
	if (operands->names != NULL)
		return "name";
	return operands->is_command ? "file" : kind_name(operands->kind);
}

static void put_command(FILE *out, const struct option_command *command)
{
	const struct option_operands *operands = &command->operands;
	const struct option_row *row;

	fprintf(out, "\t'%s') kind=%s names='", command->name,
		operand_kind(operands));
	for (size_t i = 0;
		operands->names != NULL && operands->names[i] != NULL; i++)
		fprintf(out, "%s%s", i > 0 ? " " : "", operands->names[i]);
	fputs("'\n\t\toptions='", out);
	for (size_t i = 0; (row = option_row_at(command, i)) != NULL; i++) {
		fprintf(out, "%s--%s", i > 0 ? " " : "", row->name);
		if (row->letter != '\0')
			fprintf(out, " -%c", row->letter);
	}
	fputs("' ;;\n", out);
}

void option_bash_write(FILE *out)
{
	const struct option_command *command;

	fputs(begin, out);
	for (size_t i = 0; (command = command_any(i)) != NULL; i++)
		put_values(out, command);
	fputs(between, out);
	for (size_t i = 0; (command = command_any(i)) != NULL; i++)
		put_command(out, command);
	fputs(middle, out);
	fputs("\t\tnames='help", out);
	for (size_t i = 0; (command = command_at(i)) != NULL; i++)
		fprintf(out, " %s", command->name);
	fputs(" --help --version'\n", out);
	fputs(end, out);
}
