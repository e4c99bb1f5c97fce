# Carries bytes between this process's standard streams and a server on a port of 127.0.0.1.
# Ends when the server closes; tells the server when its own input ends. One process, which never
# dies of a signal: the container's first process is PostgreSQL's postmaster, it inherits orphans,
# and before version 18 it takes one that ended badly for a crashed backend.
port=$1
if command -v perl >/dev/null 2>&1; then
  exec perl -e '
    use strict; use Socket; use IO::Handle;
    $SIG{PIPE} = "IGNORE";
    my $port = shift;
    my $server = IO::Handle->new;
    socket($server, PF_INET, SOCK_STREAM, 0) or fail("no socket: $!");
    connect($server, pack_sockaddr_in($port, inet_aton("127.0.0.1")))
      or fail("nothing listens on port $port inside the container: $!");
    setsockopt($server, Socket::IPPROTO_TCP(), Socket::TCP_NODELAY(), pack("i", 1));
    $_->blocking(0) for \*STDIN, \*STDOUT, $server;
    my ($up, $down, $in, $open) = ("", "", 1, 1);
    while ($open or length $down) {
      my ($r, $w) = ("", "");
      vec($r, fileno(STDIN), 1) = 1 if $in == 1 and length $up < 262144;
      vec($r, fileno($server), 1) = 1 if $open and length $down < 262144;
      vec($w, fileno($server), 1) = 1 if $open and length $up;
      vec($w, fileno(STDOUT), 1) = 1 if length $down;
      select($r, $w, undef, undef) < 0 and do { next if $!{EINTR}; fail("select: $!") };
      if (vec($r, fileno(STDIN), 1)) {
        my $n = sysread(STDIN, $up, 131072, length $up);
        $in = 0 if defined $n ? !$n : !($!{EAGAIN} || $!{EINTR});
      }
      if (vec($r, fileno($server), 1)) {
        my $n = sysread($server, $down, 131072, length $down);
        $open = 0 if defined $n ? !$n : !($!{EAGAIN} || $!{EINTR});
      }
      if (vec($w, fileno($server), 1)) {
        my $n = syswrite($server, $up, 131072);
        if (defined $n) { substr($up, 0, $n, "") } elsif (!($!{EAGAIN} || $!{EINTR})) { $up = "" }
      }
      if (vec($w, fileno(STDOUT), 1)) {
        my $n = syswrite(STDOUT, $down, 131072);
        if (defined $n) { substr($down, 0, $n, "") } elsif (!($!{EAGAIN} || $!{EINTR})) { exit 0 }
      }
      if ($in == 0 and !length $up) { shutdown($server, 1) if $open; $in = 2 }
    }
    exit 0;
    sub fail { print STDERR shift, "\n"; exit 1 }
  ' "$port"
elif nc --help 2>&1 | grep -q BusyBox; then
  exec nc 127.0.0.1 "$port" # other kinds do not end when the server closes
else
  echo 'the container has neither perl nor the nc of busybox to reach the server with' >&2
  exit 1
fi
