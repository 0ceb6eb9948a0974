using System.Runtime.ExceptionServices;
using CliWrap;
using HlsCache.Core;
using HlsCache.Encoder.Jobs;
using Microsoft.Extensions.Options;

namespace HlsCache.Encoder.Ffmpeg;

/// <summary>Runs ffmpeg and ffprobe. Cancelling interrupts the process, then kills it, and so does a stall; either way it is gone when the call returns.</summary>
public sealed class FfmpegRunner(IOptions<EncoderOptions> options, TimeProvider time)
{
    // A writer that lost its lease must be silent within two seconds.
    private static readonly TimeSpan KillAfter = TimeSpan.FromSeconds(1);

    /// <summary>Runs ffmpeg while <paramref name="consume"/> reads its standard output. When that throws, ffmpeg is stopped and the exception passed on.</summary>
    /// <remarks>Whoever ends reading before the output ends has to end the process through <paramref name="control"/>.</remarks>
    public async Task<FfmpegResult> EncodeAsync(
        IReadOnlyList<string> arguments, Func<Stream, Task> consume, ProcessControl? control, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ExceptionDispatchInfo? fault = null;
        var output = PipeTarget.Create(async (stream, _) =>
        {
            try
            {
                await consume(stream);
            }
            catch (Exception e)
            {
                // Nobody reads any more, so ffmpeg would wait for ever on a full pipe.
                fault = ExceptionDispatchInfo.Capture(e);
                await stop.CancelAsync();
            }
        });
        try
        {
            return await RunAsync(options.Value.FfmpegPath, arguments, output, control, stop.Token);
        }
        catch (OperationCanceledException) when (fault is not null && !cancellationToken.IsCancellationRequested)
        {
            fault.Throw();
            throw;
        }
    }

    public Task<FfmpegResult> EncodeAsync(IReadOnlyList<string> arguments, Func<Stream, Task> consume, CancellationToken cancellationToken) =>
        EncodeAsync(arguments, consume, null, cancellationToken);

    /// <summary>Runs ffmpeg, whose output is lines.</summary>
    public Task<FfmpegResult> ScanAsync(IReadOnlyList<string> arguments, PipeTarget output, CancellationToken cancellationToken) =>
        RunAsync(options.Value.FfmpegPath, arguments, output, null, cancellationToken);

    public Task<FfmpegResult> ProbeAsync(IReadOnlyList<string> arguments, PipeTarget output, CancellationToken cancellationToken) =>
        RunAsync(options.Value.FfprobePath, arguments, output, null, cancellationToken);

    private async Task<FfmpegResult> RunAsync(
        string program, IReadOnlyList<string> arguments, PipeTarget output, ProcessControl? control, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var errors = new ErrorTail();
        using var span = Telemetry.Spans.StartActivity(Path.GetFileName(program));
        using var watch = new StallWatch(TimeSpan.FromSeconds(options.Value.StallSeconds), time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, watch.Stalled);
        using var kill = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var escalation = stop.Token.Register(() =>
        {
            // One that is held would not hear the interrupt.
            control?.Resume();
            kill.CancelAfter(KillAfter);
        });
        try
        {
            var run = Cli.Wrap(program)
                .WithArguments(arguments)
                .WithStandardOutputPipe(watch.Watch(output))
                .WithStandardErrorPipe(PipeTarget.ToDelegate(Hear))
                .WithValidation(CommandResultValidation.None)
                .ExecuteAsync(kill.Token, stop.Token);
            control?.Attach(run.ProcessId, watch);
            CommandResult result;
            try
            {
                result = await run;
            }
            finally
            {
                control?.Detach(run.ProcessId);
            }

            cancellationToken.ThrowIfCancellationRequested();
            span?.SetTag("process.exit.code", result.ExitCode);
            return new(result.ExitCode, errors.ToString());
        }
        catch (OperationCanceledException) when (watch.Stalled.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new EncodeException($"{Path.GetFileName(program)} was stopped: it neither read nor made anything for {options.Value.StallSeconds} s.");
        }

        void Hear(string line)
        {
            watch.Beat();
            errors.Add(line);
        }
    }
}
