using HlsCache.Core.Jobs;
using HlsCache.Core.Sources;
using HlsCache.Storage.Queues;
using HlsCache.Storage.Queues.ServiceBus;
using HlsCache.Testing;
using Microsoft.Extensions.Options;

namespace HlsCache.Storage.Tests;

/// <summary>A bad setting stops the start with a sentence that names it.</summary>
public sealed class OptionsTests
{
    private const string Account = "UseDevelopmentStorage=true";
    private static readonly string Films = Repository.Path("tests");

    [Fact]
    public async Task Good_settings_pass()
    {
        await using var storage = Host(Account, ("Sources:media:Path", Films));
        Should.NotThrow(storage.Get<IStartupValidator>().Validate);
        storage.Get<SourceCatalog>().ShouldNotBeNull();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public void The_connection_string_is_needed(string? account) =>
        Faults(account).ShouldHaveSingleItem().ShouldBe("Storage__ConnectionString is missing: set it to the connection string of the storage account, or Storage__AccountName to its name.");

    [Fact]
    public void An_account_is_given_by_its_key_or_by_its_name()
    {
        Faults(null, ("Storage:AccountName", "films")).ShouldBeEmpty();
        Faults(Account, ("Storage:AccountName", "films")).ShouldHaveSingleItem()
            .ShouldBe("Storage__ConnectionString and Storage__AccountName are both set: keep the one that is meant.");
    }

    [Theory]
    [InlineData("Films")]
    [InlineData("fi")]
    [InlineData("films.blob.core.windows.net")]
    [InlineData("films\n")]
    [InlineData("filmsfilmsfilmsfilmsfilms")]
    public void The_account_s_name_must_be_one(string name) =>
        Faults(null, ("Storage:AccountName", name)).ShouldHaveSingleItem().ShouldBe("Storage__AccountName must be 3 to 24 lower-case letters or digits.");

    [Theory]
    [InlineData("Blob")]
    [InlineData("Table")]
    [InlineData("Queue")]
    public void An_endpoint_goes_with_a_name_and_needs_tls(string service)
    {
        Faults(null, ("Storage:AccountName", "films"), ($"Storage:{service}Endpoint", "https://films.example.cn")).ShouldBeEmpty();
        Faults(null, ("Storage:AccountName", "films"), ($"Storage:{service}Endpoint", "http://films.example.cn")).ShouldHaveSingleItem()
            .ShouldBe($"Storage__{service}Endpoint must be an address that begins with https://.");
        Faults(Account, ($"Storage:{service}Endpoint", "https://films.example.cn")).ShouldHaveSingleItem()
            .ShouldBe($"Storage__{service}Endpoint goes with Storage__AccountName: a connection string names its own addresses.");
    }

    [Fact]
    public void A_connection_string_must_hold_the_key() =>
        Faults("BlobEndpoint=https://films.blob.core.windows.net;TableEndpoint=https://films.table.core.windows.net;SharedAccessSignature=sv=2020-08-04&sig=x").ShouldHaveSingleItem()
            .ShouldStartWith("Storage__ConnectionString has no AccountKey, with which links are signed");

    [Theory]
    [InlineData("nonsense")]
    [InlineData("AccountName=films")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=films;AccountKey=not base 64;EndpointSuffix=core.windows.net")]
    public void The_connection_string_must_be_one(string account) =>
        Faults(account).ShouldHaveSingleItem().ShouldStartWith("Storage__ConnectionString is not ");

    [Theory]
    [InlineData("")]
    [InlineData("Hls")]
    [InlineData("h-l-s")]
    [InlineData("h_s")]
    [InlineData("hls\n")]
    [InlineData("hlshlshlshlshlshlshls")]
    public void The_prefix_must_make_container_names(string prefix) =>
        Faults(Account, ("HlsCache:ContainerPrefix", prefix)).ShouldHaveSingleItem()
            .ShouldBe("HlsCache__ContainerPrefix must be 1 to 20 lower-case letters or digits.");

    [Theory]
    [InlineData("h")]
    [InlineData("4k")]
    [InlineData("hlshlshlshlshlshlshl")]
    public void A_prefix_may_be_any_that_makes_container_names(string prefix) =>
        Faults(Account, ("HlsCache:ContainerPrefix", prefix)).ShouldBeEmpty();

    [Theory]
    [InlineData("9")]
    [InlineData("-1")]
    [InlineData("60001")]
    public void The_poll_must_be_neither_busy_nor_asleep(string poll) =>
        Faults(Account, ("Queue:PollMilliseconds", poll)).ShouldHaveSingleItem().ShouldBe("Queue__PollMilliseconds must be between 10 and 60000.");

    [Theory]
    [InlineData("")]
    [InlineData("ab")]
    [InlineData("Jobs")]
    [InlineData("encode--jobs")]
    [InlineData("-jobs")]
    [InlineData("jobs-")]
    [InlineData("encode_jobs")]
    [InlineData("a23456789012345678901234567890123456789012345678901234567")]
    public void The_queue_must_have_a_name_that_the_service_takes(string name) =>
        Faults(Account, ("Queue:Name", name)).ShouldHaveSingleItem().ShouldStartWith("Queue__Name must be ");

    [Theory]
    [InlineData("abc")]
    [InlineData("encode-jobs-2")]
    [InlineData("a2345678901234567890123456789012345678901234567890123456")]
    public void A_queue_may_have_any_name_that_the_service_takes(string name) => Faults(Account, ("Queue:Name", name)).ShouldBeEmpty();

    [Theory]
    [InlineData("Endpoint=sb://films.servicebus.windows.net/;SharedAccessKeyName=jobs;SharedAccessKey=a2V5", null)]
    [InlineData("Endpoint=sb://localhost:5673;SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;", null)]
    [InlineData(null, "films.servicebus.windows.net")]
    public async Task Service_bus_is_reached_with_a_key_or_an_identity(string? key, string? name)
    {
        Faults(Account, [.. Bus(key, name)]).ShouldBeEmpty();
        await using var storage = Host(Account, Bus(key, name));
        storage.Get<IJobQueue>().ShouldBeOfType<ServiceBusJobQueue>();
        storage.Get<IQueueSetup>().ShouldBeOfType<ServiceBusSetup>();
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("Endpoint=sb://films.servicebus.windows.net/;SharedAccessKeyName=jobs;SharedAccessKey=a2V5", "films.servicebus.windows.net")]
    public void Service_bus_is_not_reached_with_neither_or_both(string? key, string? name) =>
        Faults(Account, [.. Bus(key, name)]).ShouldHaveSingleItem().ShouldStartWith("Queue__Kind is ServiceBus, so exactly one of Queue__ConnectionString and Queue__Namespace must be set");

    [Theory]
    [InlineData("nonsense")]
    [InlineData("Endpoint=sb://films.servicebus.windows.net/")]
    [InlineData("Endpoint=sb://films.servicebus.windows.net/;SharedAccessKeyName=jobs;SharedAccessKey=a2V5;EntityPath=encode-jobs")]
    [InlineData("Endpoint=sb://films.servicebus.windows.net/;SharedAccessKeyName=;SharedAccessKey=a2V5")]
    [InlineData("Endpoint=sb://films.servicebus.windows.net/;SharedAccessKeyName=jobs;SharedAccessKey=")]
    public void A_connection_string_of_service_bus_must_be_one(string key) =>
        Faults(Account, [.. Bus(key, null)]).ShouldHaveSingleItem().ShouldStartWith("Queue__ConnectionString is not a connection string of a Service Bus namespace");

    [Theory]
    [InlineData("films")]
    [InlineData("sb://films.servicebus.windows.net/")]
    [InlineData("films.servicebus.windows.net/jobs")]
    [InlineData("films films.net")]
    public void A_namespace_must_be_a_host_name(string name) =>
        Faults(Account, [.. Bus(null, name)]).ShouldHaveSingleItem().ShouldStartWith("Queue__Namespace must be the host name of a Service Bus namespace");

    [Fact]
    public async Task Without_a_word_about_the_queue_it_is_the_storage_accounts()
    {
        await using var storage = Host(Account);
        storage.Get<IJobQueue>().ShouldBeOfType<StorageJobQueue>();
        Faults(Account, ("Queue:Namespace", "ignored")).ShouldBeEmpty();
    }

    [Fact]
    public void A_source_is_needed() =>
        Faults(Host(Account, [])).ShouldHaveSingleItem()
            .ShouldBe("No source is configured: set Sources__media__Path to a directory of films, or Sources__media__Container to a container of them.");

    [Fact]
    public void A_source_needs_a_path() =>
        Faults(Account, ("Sources:media:Path", "")).ShouldHaveSingleItem().ShouldBe(
            "Sources__media__Path is missing: set it to a directory of films, or Sources__media__Container to a container of them.");

    [Fact]
    public void A_source_may_be_a_container_of_this_account_or_another()
    {
        Faults(Host(Account, [("Sources:media:Container", "films")])).ShouldBeEmpty();
        Faults(Host(Account, [("Sources:media:Container", "films"), ("Sources:media:AccountName", "other")])).ShouldBeEmpty();
        Faults(Host(Account, [("Sources:media:Container", "films"), ("Sources:media:ConnectionString", Account)])).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("hls-0123456789abcdef-1jduaj348t1cq87l")]
    [InlineData("hls-maintenance")]
    public void A_source_is_never_a_container_of_ours(string container) =>
        Faults(Host(Account, [("Sources:media:Container", container)])).ShouldHaveSingleItem().ShouldBe(
            $"Sources__media__Container: {container} has a name that this app gives to containers of its own, which it deletes. Rename it, or change HlsCache__ContainerPrefix.");

    [Theory]
    [InlineData("hls-films")]
    [InlineData("hls")]
    [InlineData("hls-0123456789abcdef")]
    public void A_source_may_have_any_other_name(string container) => Faults(Host(Account, [("Sources:media:Container", container)])).ShouldBeEmpty();

    [Fact]
    public void Which_names_are_ours_depends_on_the_prefix()
    {
        Faults(Host(Account, [("Sources:media:Container", "hls-maintenance"), ("HlsCache:ContainerPrefix", "tv")])).ShouldBeEmpty();
        Faults(Host(Account, [("Sources:media:Container", "tv-maintenance"), ("HlsCache:ContainerPrefix", "tv")])).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("Path", "/", "Sources__media__Path and Sources__media__Container are both set: keep the one that is meant.")]
    [InlineData("Container", "Films", "Sources__media__Container must be the name of a container: 3 to 63 lower-case letters, digits and single hyphens between them.")]
    [InlineData("AccountName", "Other", "Sources__media__AccountName must be 3 to 24 lower-case letters or digits.")]
    [InlineData("ConnectionString", "nonsense", "Sources__media__ConnectionString is not the connection string of a storage account.")]
    [InlineData("BlobEndpoint", "https://films.example", "Sources__media__BlobEndpoint goes with Sources__media__AccountName.")]
    public void A_container_s_settings_are_checked(string setting, string value, string fault) =>
        Faults(Host(Account, [("Sources:media:Container", "films"), ($"Sources:media:{setting}", value)])).ShouldHaveSingleItem().ShouldBe(fault);

    [Fact]
    public void An_account_goes_with_a_container() =>
        Faults(Account, ("Sources:media:AccountName", "other")).ShouldHaveSingleItem()
            .ShouldBe("Sources__media: an account goes with Sources__media__Container, not with Sources__media__Path.");

    [Fact]
    public void A_source_must_be_a_directory() =>
        Faults(Account, ("Sources:media:Path", "/no/such/directory")).ShouldHaveSingleItem()
            .ShouldBe("Sources__media__Path: there is no directory /no/such/directory.");

    [Fact]
    public void A_sources_name_must_be_the_first_part_of_a_path() =>
        Faults(Account, ("Sources:a/b:Path", Films)).ShouldHaveSingleItem().ShouldBe("Sources__a/b: the name cannot be the first part of a path.");

    [Fact]
    public void All_that_is_wrong_with_sources_is_told_at_once() =>
        Faults(Account, ("Sources:media:Path", ""), ("Sources:more:Path", "/no/such/directory")).Count.ShouldBe(2);

    private static IEnumerable<(string, string?)> Bus(string? key, string? name) =>
        [("Queue:Kind", "ServiceBus"), ("Queue:ConnectionString", key), ("Queue:Namespace", name)];

    private static StorageHost Host(string? account, params IEnumerable<(string, string?)> settings) => new(account, settings: settings);

    private static List<string> Faults(string? account, params IEnumerable<(string, string?)> settings) =>
        Faults(Host(account, [("Sources:media:Path", Films), .. settings]));

    private static List<string> Faults(StorageHost storage)
    {
        try
        {
            storage.Get<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException e)
        {
            return [.. e.Failures];
        }
        catch (AggregateException e)
        {
            return [.. e.InnerExceptions.Cast<OptionsValidationException>().SelectMany(i => i.Failures)];
        }
    }
}
