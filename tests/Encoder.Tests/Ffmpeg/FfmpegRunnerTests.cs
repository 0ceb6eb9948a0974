using System.Diagnostics;
using System.Globalization;
using CliWrap;
using HlsCache.Encoder.Ffmpeg;
using HlsCache.Encoder.Jobs;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace HlsCache.Encoder.Tests.Ffmpeg;

/// <summary>Real processes: shell scripts in the place of ffmpeg.</summary>
public sealed class FfmpegRunnerTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly string folder = Directory.CreateTempSubdirectory("hlscache-runner-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string PidFile => Path.Join(folder, "pid");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_output_is_consumed_and_the_exit_code_and_complaints_are_told()
    {
        var runner = Runner("printf 'a b'; echo complaint >&2; exit 3");
        var output = new MemoryStream();
        var result = await runner.EncodeAsync([], stream => stream.CopyToAsync(output, Token), Token);
        result.ShouldBe(new(3, "complaint"));
        System.Text.Encoding.ASCII.GetString(output.ToArray()).ShouldBe("a b");
    }

    [Fact]
    public async Task Arguments_arrive_one_by_one_however_they_look()
    {
        string[] arguments = ["two words", "'\"", "$HOME", "-n", "", "a\\b"];
        var output = new MemoryStream();
        await Runner("for a in \"$@\"; do printf '%s\\n' \"$a\"; done").EncodeAsync(arguments, stream => stream.CopyToAsync(output, Token), Token);
        System.Text.Encoding.ASCII.GetString(output.ToArray()).Split('\n')[..^1].ShouldBe(arguments);
    }

    [Fact]
    public async Task A_cancelled_process_is_interrupted_first()
    {
        using var cancel = new CancellationTokenSource();
        var ended = Path.Join(folder, "ended");
        var run = Runner($"trap 'echo bye > {ended}; exit 0' INT; {Wait}")
            .EncodeAsync([], Ignore, cancel.Token);
        var pid = await PidAsync();
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(run.WaitAsync(Limit, Token));
        (await File.ReadAllTextAsync(ended, Token)).Trim().ShouldBe("bye");
        IsGone(pid).ShouldBeTrue();
    }

    [Fact]
    public async Task A_cancelled_process_that_ignores_the_interrupt_is_killed_within_two_seconds()
    {
        using var cancel = new CancellationTokenSource();
        var run = Runner($"trap '' INT TERM; {Wait}")
            .EncodeAsync([], Ignore, cancel.Token);
        var pid = await PidAsync();
        var begun = Stopwatch.GetTimestamp();
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(run.WaitAsync(Limit, Token));
        Stopwatch.GetElapsedTime(begun).ShouldBeLessThan(TimeSpan.FromSeconds(2));
        IsGone(pid).ShouldBeTrue();
    }

    [Fact]
    public async Task Who_is_cancelled_before_it_began_runs_nothing()
    {
        await Should.ThrowAsync<OperationCanceledException>(
            Runner($"touch {PidFile}; sleep 60").EncodeAsync([], Ignore, new(canceled: true)).WaitAsync(Limit, Token));
        File.Exists(PidFile).ShouldBeFalse();
    }

    [Fact]
    public async Task When_the_consumer_throws_the_process_is_ended_and_the_exception_comes_out()
    {
        var run = Runner($"echo $$ > {PidFile}; exec yes").EncodeAsync(
            [],
            async stream =>
            {
                await stream.ReadExactlyAsync(new byte[100], Token);
                throw new InvalidDataException("not on the grid");
            },
            Token);
        (await Should.ThrowAsync<InvalidDataException>(run.WaitAsync(Limit, Token))).Message.ShouldBe("not on the grid");
        IsGone(await PidAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task When_the_consumer_throws_a_process_that_ignores_the_interrupt_is_killed_too()
    {
        var run = Runner($"trap '' INT PIPE; echo $$ > {PidFile}; while :; do echo x; done 2>/dev/null").EncodeAsync(
            [],
            async stream =>
            {
                await stream.ReadExactlyAsync(new byte[1], Token);
                throw new InvalidDataException("no");
            },
            Token);
        await Should.ThrowAsync<InvalidDataException>(run.WaitAsync(Limit, Token));
        IsGone(await PidAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task When_the_consumer_throws_behind_the_end_of_the_process_the_exception_comes_out()
    {
        var run = Runner("printf x").EncodeAsync(
            [],
            async stream =>
            {
                await stream.CopyToAsync(Stream.Null, Token);
                throw new InvalidDataException("too late");
            },
            Token);
        (await Should.ThrowAsync<InvalidDataException>(run.WaitAsync(Limit, Token))).Message.ShouldBe("too late");
    }

    [Fact]
    public async Task A_flood_of_complaints_is_read_and_forgotten_but_for_its_end()
    {
        var result = await Runner("head -c 100000000 /dev/zero | tr '\\0' x | fold -w 2000 >&2; echo >&2; echo last >&2")
            .EncodeAsync([], Ignore, Token).WaitAsync(Limit, Token);
        result.ExitCode.ShouldBe(0);
        result.Errors.ShouldEndWith("\nlast");
        result.Errors.Length.ShouldBeLessThan(16_000);
    }

    [Fact]
    public async Task A_process_that_says_nothing_is_stopped_with_a_sentence()
    {
        var time = new FakeTimeProvider();
        var run = Runner($"{WritePid}; exec sleep 600", time).EncodeAsync([], Ignore, Token);
        var pid = await PidAsync();
        time.Advance(TimeSpan.FromSeconds(119));
        run.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(1));
        (await Should.ThrowAsync<EncodeException>(run.WaitAsync(Limit, Token))).Message.ShouldBe("ffmpeg was stopped: it neither read nor made anything for 120 s.");
        IsGone(pid).ShouldBeTrue();
    }

    [Fact]
    public async Task A_consumer_that_takes_its_time_is_no_stall()
    {
        var time = new FakeTimeProvider();
        var busy = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        var run = Runner("echo x; echo y", time).EncodeAsync(
            [],
            async stream =>
            {
                await stream.ReadExactlyAsync(new byte[2], Token);
                busy.SetResult();
                await goOn.Task;
                await stream.CopyToAsync(Stream.Null, Token);
            },
            Token);
        await busy.Task.WaitAsync(Limit, Token);
        time.Advance(TimeSpan.FromHours(1));
        goOn.SetResult();
        (await run.WaitAsync(Limit, Token)).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_missing_program_is_an_error_and_not_a_wait()
    {
        var runner = new FfmpegRunner(Options.Create(new EncoderOptions { FfmpegPath = Path.Join(folder, "absent") }), TimeProvider.System);
        await Should.ThrowAsync<Exception>(runner.EncodeAsync([], Ignore, Token).WaitAsync(Limit, Token));
    }

    [Fact]
    public async Task A_probe_runs_the_other_program()
    {
        var output = new System.Text.StringBuilder();
        var runner = new FfmpegRunner(Options.Create(new EncoderOptions { FfmpegPath = "/bin/false", FfprobePath = Script("probe", "echo \"$1\"") }), TimeProvider.System);
        (await runner.ProbeAsync(["x"], PipeTarget.ToStringBuilder(output), Token)).ExitCode.ShouldBe(0);
        output.ToString().Trim().ShouldBe("x");
    }

    // Without a child that would outlive it.
    private string Wait => $"mkfifo {folder}/never; exec 3<>{folder}/never; {WritePid}; while :; do read x <&3; done";

    private string WritePid => $"echo $$ > {PidFile}.new; mv {PidFile}.new {PidFile}";

    private FfmpegRunner Runner(string script, TimeProvider? time = null) =>
        new(Options.Create(new EncoderOptions { FfmpegPath = Script("ffmpeg", script), FfprobePath = "/bin/false" }), time ?? TimeProvider.System);

    private string Script(string name, string text)
    {
        var file = Path.Join(folder, name);
        File.WriteAllText(file, $"#!/bin/sh\n{text}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return file;
    }

    /// <summary>What the script wrote of itself, once it has.</summary>
    private async Task<int> PidAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Limit);
        while (true)
        {
            if (File.Exists(PidFile) && int.TryParse(await File.ReadAllTextAsync(PidFile, limit.Token), CultureInfo.InvariantCulture, out var pid))
            {
                return pid;
            }

            await Task.Delay(20, limit.Token);
        }
    }

    private static Task Ignore(Stream stream) => stream.CopyToAsync(Stream.Null, Token);

    private static bool IsGone(int pid) => !Directory.Exists($"/proc/{pid}");
}
