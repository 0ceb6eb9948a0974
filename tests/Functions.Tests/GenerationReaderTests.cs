using System.Net;
using Azure;
using HlsCache.Functions.Tests.Stage;

namespace HlsCache.Functions.Tests;

/// <summary>What rows say of a generation, put together.</summary>
public sealed class GenerationReaderTests : AppTests
{
    [Fact]
    public async Task Work_that_cannot_be_read_is_told_even_of_a_generation_that_is_gone()
    {
        var miss = await app.PlayFilmAsync();
        cloud.Entries.Remove(miss.Id());
        cloud.Probe.Before = call => call == "work.read" ? Task.FromException(new RequestFailedException(503, "Server busy")) : Task.CompletedTask;

        using var response = await app.GetAsync(miss.Media("video/seg-0.m4s"));

        await response.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "Storage does not answer. Try again in a few seconds.");
    }
}
