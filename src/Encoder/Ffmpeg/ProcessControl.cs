using System.Runtime.InteropServices;

namespace HlsCache.Encoder.Ffmpeg;

/// <summary>A hand on the processes of one run, those still to come included: holds them in their tracks, lets them go on, or ends them at once.</summary>
public sealed partial class ProcessControl
{
    // As Linux numbers them.
    private const int Kill = 9;
    private const int Continue = 18;
    private const int Stop = 19;

    private readonly Lock gate = new();
    private readonly Dictionary<int, StallWatch> running = [];
    private bool isEnded;

    public bool IsPaused { get; private set; }

    /// <summary>Holds the processes: they take no processor time and are not called stalled.</summary>
    public void Pause() => Set(paused: true);

    public void Resume() => Set(paused: false);

    /// <summary>Kills the processes: for runs of which nothing more is wanted.</summary>
    public void End()
    {
        lock (gate)
        {
            isEnded = true;
            foreach (var process in running.Keys)
            {
                _ = Signal(process, Kill);
            }
        }
    }

    internal void Attach(int process, StallWatch watch)
    {
        lock (gate)
        {
            running.Add(process, watch);
            Apply(process, watch);
        }
    }

    internal void Detach(int process)
    {
        lock (gate)
        {
            running.Remove(process);
        }
    }

    private void Set(bool paused)
    {
        lock (gate)
        {
            if (IsPaused == paused)
            {
                return;
            }

            IsPaused = paused;
            foreach (var (process, watch) in running)
            {
                Apply(process, watch);
            }
        }
    }

    private void Apply(int process, StallWatch watch)
    {
        watch.Hold(IsPaused);
        _ = Signal(process, isEnded ? Kill : IsPaused ? Stop : Continue);
    }

    // One that has ended meanwhile is no error.
    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
