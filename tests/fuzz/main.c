/*
 * The fuzz targets, and the way into them: the program is run under the name of
 * a target. "TARGET --dictionary" prints the words that are its language,
 * "TARGET --targets" the names of all.
 */
#include <ctype.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "lib/arena.h"

#define SIGNALS "TERM\0INT\0SIGHUP\0RTMIN+3\0RTMAX-1\0KILL\0STOP\0"
#define CAPS "none\0all\0docker\0cap_chown\0net_bind_service\0"
#define NAMESPACES "user\0mount\0pid\0net\0ipc\0uts\0cgroup\0time\0"
#define MOUNTS                                                              \
	"type=\0bind\0tmpfs\0proc\0sysfs\0devpts\0mqueue\0overlay\0"        \
	"source=\0src=\0target=\0destination=\0dst=\0readonly\0ro\0rw\0"    \
	"bind-recursive=\0lowerdir=\0upperdir=\0workdir=\0nosuid\0nodev\0"  \
	"noexec\0suid\0dev\0exec\0size=\0mode=\0uid=\0gid=\0nr_inodes=\0"   \
	"hidepid=\0subset=\0newinstance\0ptmxmode=\0userxattr\0metacopy=\0" \
	"index=\0tmpfs-size=\0tmpfs-mode=\0true\0false\0enabled\0disabled\0"
#define LIMITS "nofile=\0nproc=\0unlimited\0cpu=\0rttime=\0"
#define FORM "\n%\n\0"
#define ALL FORM SIGNALS CAPS NAMESPACES MOUNTS LIMITS "main\0group\0ms\0"
#define SETS "+all,-chown\0-all\0,+cap_kill\0-noroot_locked\0keep\0clear\0"

const struct target targets[] = {
	{ "command-line", run_command_line, "", ALL "--config=conf\0" },
	{ "config", run_config, "", ALL },
	{ "option", run_option, "", ALL },
	{ "mount", run_options, "mount,tmpfs,mask,protect,root,unshare",
	  MOUNTS },
	{ "id-map", run_id_map, "uid-map,gid-map,unshare,user,root",
	  FORM "root\0user\0unshare=user\0"
	       "4294967294\0" },
	{ "passwd", run_passwd, "user,groups",
	  FORM "user=\0groups=\0tool=\0gosu\0su-exec\0setpriv\0--reuid=\0"
	       "--regid=\0--groups=\0--init-groups\0--clear-groups\0"
	       "--reset-env\0:x:0:0:\0root\0app\0/bin/sh\0" },
	{ "env-file", run_env_file, "", FORM "\xef\xbb\xbf\0LISTEN_PID=\0" },
	{ "listen", run_listen, "",
	  "LISTEN_PID=\0LISTEN_FDS=\0LISTEN_PIDFDID=\0LISTEN_FDNAMES=\0" },
	{ "tini", run_name, "", FORM SIGNALS },
	{ "dumb-init", run_name, "", FORM SIGNALS },
	{ "catatonit", run_name, "", FORM },
	{ "pause", run_name, "", FORM },
	{ "gosu", run_name, "", FORM },
	{ "su-exec", run_name, "", FORM },
	{ "setpriv", run_name, "", FORM SIGNALS SETS },
	{ "assertion", run_assertion, "",
	  CAPS NAMESPACES
	  "standard\0locked\0read-only\0nonroot\0user=\0"
	  "group=\0groups=\0caps=\0bounding=\0securebits=\0ns=\0not-host=\0"
	  "root=\0mounts=\0fds=\0" },
	{ "mountinfo", run_mountinfo, "",
	  FORM " - \0\\040\0ext4\0tmpfs\0devtmpfs\0/ / rw\0ro\0" },
	{ "status", run_status, "",
	  FORM "\nUid:\t\0\nGid:\t\0\nGroups:\t\0\nNSpid:\t\0\nCapEff:\t\0"
	       "\nCapPrm:\t\0\nCapInh:\t\0\nCapBnd:\t\0\nCapAmb:\t\0"
	       "\nNoNewPrivs:\t\0\nSeccomp:\t\0\nSeccomp_filters:\t\0"
	       "\nSecurebits:\t\0\nDumpable:\t\0\nTracerPid:\t\0\nPid:\t\0"
	       "\nPPid:\t\0(complain)\0unconfined\0" },
	{ "cgroup", run_cgroup, "",
	  FORM "0::/\0memory\0pids\0cpu,cpuacct\0/..\0cgroup2\0cgroup\0" },
	{ "program", run_program, "",
	  FORM "#!/\0\x7f"
	       "ELF\0PATH=\0" },
	{ "file", run_file, "", "\n\0" },
	{ "text", run_text, "", SIGNALS "ms\0-9223372036854775808\0" },
	{ NULL, NULL, NULL, NULL },
};

static const struct target *target;

_Noreturn void wrong(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	fputs("\nWRONG: ", stderr);
	vfprintf(stderr, format, list);
	fputs("\n", stderr);
	va_end(list);
	abort();
}

void check_printable(const char *what, const char *text)
{
	for (const char *at = text; *at; at++)
		if (*at < ' ' || *at > '~')
			wrong("byte %#x in %s: %s", (unsigned char)*at, what,
			      text);
}

void check_output(void)
{
	char *rest = arena_strdup(output());
	char *line;

	/* JSON is indented. */
	while ((line = strsep(&rest, "\n")))
		check_printable("output", line + strspn(line, "\t"));
}

/* Of the form STEP: ..., with nothing missing. */
void check_error(const struct error *error)
{
	size_t length = strspn(error->line, "abcdefghijklmnopqrstuvwxyz-");
	size_t all = strlen(error->line);

	check_printable("a message", error->line);
	if (!length || strncmp(error->line + length, ": ", 2) ||
	    !error->line[length + 2] || error->line[all - 1] == ' ' ||
	    error->line[all - 1] == ':')
		wrong("no message of the form: %s", error->line);
	if (error->status != 1 &&
	    (error->status < EXIT_RIND || error->status > EXIT_NOT_FOUND))
		wrong("exit code %d", error->status);
}

char *next_part(char **rest, size_t *size, size_t *length)
{
	char *end = memmem(*rest, *size, "\n%\n", 3);
	size_t used = end ? (size_t)(end - *rest) + 3 : *size;
	char *part;

	*length = end ? used - 2 : used;
	if (*size >= 2 && !memcmp(*rest, "%\n", 2)) {
		*length = 0;
		used = 2;
	}
	part = memcpy(arena_alloc(*length + 1), *rest, *length);
	part[*length] = '\0';
	*rest += used;
	*size -= used;
	return part;
}

struct list words_of(const char *part, size_t length)
{
	struct list list = { 0 };

	while (length) {
		const char *end = memchr(part, '\n', length);
		size_t size = end ? (size_t)(end - part) : length;
		char *word = arena_alloc(size + 1);

		memcpy(word, part, size);
		word[size] = '\0';
		for (char *at = word; at < word + size; at++)
			if (!*at)
				*at = '\n';
		list_add(&list, word);
		part += size + (end != NULL);
		length -= size + (end != NULL);
	}
	return list;
}

static int lowest(void)
{
	int fd = dup(STDERR_FILENO);

	close(fd);
	return fd;
}

static void tell_word(const char *word)
{
	putchar('"');
	for (; *word; word++)
		if (isalnum((unsigned char)*word) || strchr("-+=:/,. _", *word))
			putchar(*word);
		else
			printf("\\x%02x", (unsigned char)*word);
	puts("\"");
}

static const struct target *find(const char *path)
{
	const char *slash = strrchr(path, '/');
	const struct target *at = targets;

	while (at->name && strcmp(at->name, slash ? slash + 1 : path))
		at++;
	return at;
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *word = *argc > 1 ? (*argv)[1] : "";

	target = find((*argv)[0]);
	if (!strcmp(word, "--targets")) {
		for (const struct target *at = targets; at->name; at++)
			puts(at->name);
		exit(0);
	}
	if (!target->name) {
		fprintf(stderr, "fuzz: %s: no such target\n", (*argv)[0]);
		exit(2);
	}
	if (!strcmp(word, "--dictionary")) {
		for (const char *at = target->words; *at; at += strlen(at) + 1)
			tell_word(at);
		tell_options(target, tell_word);
		tell_profile(target, tell_word);
		exit(0);
	}
	process_directory(); /* it stays open */
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char *empty[] = { NULL };
	char **own = environ;
	char *copy = arena_alloc(size + 1);
	int before = lowest();
	int after;

	memcpy(copy, data, size);
	copy[size] = '\0';
	clear_files();
	clear_output();
	has_opened = false;
	has_answered = false;
	environ = empty;
	target->run(target, copy, size);
	environ = own;
	if (has_answered)
		close_range((unsigned int)before, ~0U, 0);
	after = lowest();
	if (after != before && !has_opened)
		wrong("descriptor %d is left open", before);
	free_all();
	return 0;
}
