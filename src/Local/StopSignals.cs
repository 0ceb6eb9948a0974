using System.Runtime.InteropServices;

namespace HlsCache.Local;

/// <summary>Ctrl-C, SIGTERM and the end of the terminal: the first asks for a stop, the second for an end at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly CancellationTokenSource kill = new();
    private readonly List<PosixSignalRegistration> registrations;

    public StopSignals() =>
        registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(s => PosixSignalRegistration.Create(s, Receive))];

    public CancellationToken Stop => stop.Token;

    public CancellationToken Kill => kill.Token;

    public void Dispose()
    {
        registrations.ForEach(r => r.Dispose());
        stop.Dispose();
        kill.Dispose();
    }

    private void Receive(PosixSignalContext context)
    {
        context.Cancel = true;
        (stop.IsCancellationRequested ? kill : stop).Cancel();
    }
}
