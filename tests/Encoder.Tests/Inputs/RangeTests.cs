using System.Net;
using System.Net.Http.Headers;
using HlsCache.Core.Keys;
using HlsCache.Core.Sources;
using HlsCache.Encoder.Inputs;
using HlsCache.Encoder.Tests.Stage;
using Microsoft.Extensions.Logging.Abstractions;

namespace HlsCache.Encoder.Tests.Inputs;

/// <summary>What is served to ffmpeg, byte by byte.</summary>
public sealed class RangeTests : IDisposable
{
    private const int Block = 1 << 20;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("hlscache-ranges-");
    private readonly byte[] content = new byte[(20 * Block) + 12345];
    private readonly SourceInputs inputs = new(NullLoggerFactory.Instance);
    private readonly HttpClient client = new();
    private readonly RemoteRoot root;

    public RangeTests()
    {
        new Random(1).NextBytes(content);
        File.WriteAllBytes(Path.Join(folder.FullName, "film.mp4"), content);
        File.WriteAllBytes(Path.Join(folder.FullName, "empty.mp4"), []);
        root = new(folder.FullName);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        client.Dispose();
        inputs.Dispose();
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(0, 0L)]
    [InlineData(5, 4999L)]
    [InlineData(Block - 1, (long)Block)]
    [InlineData(3 * Block, null)]
    [InlineData(0, null)]
    [InlineData((20 * Block) + 12344, null)]
    [InlineData(17, 1L << 40)]
    public async Task A_range_is_what_was_asked_for(long first, long? last)
    {
        using var input = await OpenAsync();
        using var response = await GetAsync(input.Name, new(first, last));
        var end = (int)Math.Min(last ?? long.MaxValue, content.Length - 1);
        response.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        response.Content.Headers.ContentRange.ShouldBe(new ContentRangeHeaderValue(first, end, content.Length));
        (await response.Content.ReadAsByteArrayAsync(Token)).AsSpan().SequenceEqual(content.AsSpan((int)first..(end + 1))).ShouldBeTrue();
    }

    [Fact]
    public async Task Without_a_range_and_from_its_end_too()
    {
        using var input = await OpenAsync();
        (await client.GetByteArrayAsync(input.Name, Token)).AsSpan().SequenceEqual(content).ShouldBeTrue();
        using var tail = await GetAsync(input.Name, new(null, 100));
        (await tail.Content.ReadAsByteArrayAsync(Token)).ShouldBe(content[^100..]);
    }

    [Fact]
    public async Task What_is_behind_the_end_is_not_there()
    {
        using var input = await OpenAsync();
        using var response = await GetAsync(input.Name, new(content.Length, null));
        response.StatusCode.ShouldBe(HttpStatusCode.RequestedRangeNotSatisfiable);
        using var empty = await OpenAsync("empty.mp4");
        using var nothing = await GetAsync(empty.Name, new(0, null));
        (nothing.StatusCode, nothing.Content.Headers.ContentLength).ShouldBe((HttpStatusCode.OK, 0));
    }

    [Fact]
    public async Task An_address_cannot_be_guessed_and_ends_with_its_reader()
    {
        string name;
        using (var input = await OpenAsync())
        {
            name = input.Name;
            (await StatusAsync(name[..^1])).ShouldBe(HttpStatusCode.NotFound);
            (await StatusAsync(name[..(name.LastIndexOf('/') + 1)])).ShouldBe(HttpStatusCode.NotFound);
            using var other = await OpenAsync();
            (other.Name == name).ShouldBeFalse();
            new Uri(other.Name).Port.ShouldBe(new Uri(name).Port);
            new Uri(name).AbsolutePath.Length.ShouldBeGreaterThan(30);
        }

        (await StatusAsync(name)).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Going_back_and_forth_fetches_nothing_twice()
    {
        using var input = await OpenAsync();
        for (var i = 0; i < 20; i++)
        {
            using var picture = await GetAsync(input.Name, new((2 * Block) + i, (2 * Block) + i));
            using var sound = await GetAsync(input.Name, new((9 * Block) + i, (9 * Block) + i));
        }

        root.Reads.ShouldBe(2);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(4, 5)]
    [InlineData(8, 11)]
    [InlineData(21, 21)]
    public async Task The_longer_it_is_read_on_the_more_is_fetched_beforehand(int blocks, int fetched)
    {
        using var input = await OpenAsync();
        for (var i = 0; i < 2; i++)
        {
            using var response = await GetAsync(input.Name, new(0, Math.Min((long)blocks * Block, content.Length) - 1));
            await response.Content.ReadAsByteArrayAsync(Token);
            if (blocks > 12)
            {
                break; // Not all are kept.
            }
        }

        while (root.Reads < fetched)
        {
            await Task.Delay(5, Token);
        }

        root.Reads.ShouldBe(fetched);
    }

    [Fact]
    public async Task What_was_fetched_beforehand_in_vain_is_fetched_again_when_it_is_needed()
    {
        var once = 0;
        root.Before = (offset, _) => offset == 3 * Block && Interlocked.Increment(ref once) == 1 ? throw new SourceUnavailableException("A dropped line.", new IOException()) : Task.FromResult(true);
        using var input = await OpenAsync();
        (await client.GetByteArrayAsync(input.Name, Token)).AsSpan().SequenceEqual(content).ShouldBeTrue();
        (await input.WatchAsync(Task.FromResult(1))).ShouldBe(1);
        once.ShouldBe(2);
    }

    [Fact]
    public async Task A_read_that_fails_never_looks_like_an_end()
    {
        root.Before = (offset, _) => offset == 3 * Block ? throw new SourceUnavailableException("Busy.", new IOException()) : Task.FromResult(true);
        using var input = await OpenAsync();
        await Should.ThrowAsync<HttpRequestException>(client.GetByteArrayAsync(input.Name, Token));
        (await Should.ThrowAsync<SourceUnavailableException>(input.WatchAsync(Task.FromResult(1)))).Message.ShouldBe("Busy.");
        await Should.ThrowAsync<SourceUnavailableException>(input.WatchAsync(Task.FromException<int>(new InvalidDataException("A hole."))));
    }

    [Fact]
    public async Task Closing_ends_what_is_still_being_read()
    {
        var ended = new TaskCompletionSource();
        root.Before = async (_, token) =>
        {
            await using var end = token.Register(ended.SetResult);
            await Task.Delay(Timeout.Infinite, token);
            return true;
        };
        var input = await OpenAsync();
        var reading = client.GetAsync(input.Name, Token);
        while (root.Reads == 0)
        {
            await Task.Delay(5, Token);
        }

        input.Dispose();
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
        await Should.ThrowAsync<HttpRequestException>(reading);
    }

    private async Task<SourceInput> OpenAsync(string name = "film.mp4") =>
        inputs.Open((await root.FindAsync(SourcePath.Parse($"/media/{name}", out _)!.Value, Token)).ShouldNotBeNull());

    private async Task<HttpResponseMessage> GetAsync(string address, RangeItemHeaderValue range)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Range = new(range.From, range.To) } };
        return await client.SendAsync(request, Token);
    }

    private async Task<HttpStatusCode> StatusAsync(string address)
    {
        using var response = await client.GetAsync(address, Token);
        return response.StatusCode;
    }
}
