/*
 * threads CODE: the main thread ends at once; a second one waits for a line of
 * input and then ends the process with CODE.
 */
#include <pthread.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static void *outlive(void *code)
{
	char line[8];

	if (read(0, line, sizeof(line)) < 1)
		_exit(1);
	_exit(atoi(code));
}

int main(int argc, char **argv)
{
	pthread_t thread;

	if (argc < 2 || pthread_create(&thread, NULL, outlive, argv[1]))
		return 2;
	syscall(SYS_exit, 0); /* this thread alone */
	return 3;
}
