/*
 * The text that a process was started with, which /proc/PID/environ and
 * /proc/PID/cmdline go on showing (proc_pid_environ(5), proc_pid_cmdline(5)).
 * An app with CAP_PERFMON can read it whatever else is closed (Linux 6.18).
 */
#ifndef RIND_SYS_START_TEXT_H
#define RIND_SYS_START_TEXT_H

/* Overwrites the environment with zeros. environ(7) means nothing from then on.
 */
void start_text_erase_environment(void);

/*
 * Overwrites what follows the "=" in VARIABLE, an argument, with asterisks. The
 * length stays, as the kernel takes a changed end for a new title.
 */
void start_text_hide_value(char *variable);

#endif
