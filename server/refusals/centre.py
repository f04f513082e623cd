"""What is refused when a centre is kept: people, posts, units, channels, catalogue, settings, lists, places."""

from typing import Final

from server.refusals.declared import Refusal

REFUSALS: Final = (
    Refusal(404, "no setting of this name", "setting.not_found"),
    Refusal(
        422,
        "no such setting; another kind of value, or one outside its bounds",
        "setting.unknown setting.invalid",
    ),
    Refusal(409, "the setting has this value already", "setting.same"),
    Refusal(
        404,
        "not in this centre",
        "person.not_found post.not_found unit.not_found delegation.not_found channel.not_found"
        " catalogue.not_found api_client.not_found",
    ),
    Refusal(409, "the username or telephone number is somebody else's", "person.username_taken person.phone_taken"),
    Refusal(409, "the account is in use already", "person.active"),
    Refusal(
        409,
        "nobody could keep the centre any more: appoint another administrator first",
        "post.last_administrator",
    ),
    Refusal(
        409,
        "nobody would be left to take on the open orders of this unit (`open_orders`); send `confirmed` to do"
        " it all the same",
        "post.last_liaison",
    ),
    Refusal(
        422,
        "a deputy holds a duty officer's post; for 31 days at most",
        "delegation.not_an_officer delegation.until",
    ),
    Refusal(409, "delegated to this post already; ended already", "delegation.held delegation.ended"),
    Refusal(409, "the unit is retired; the duty desk can't be", "unit.retired unit.is_the_desk"),
    Refusal(
        409,
        "orders or issues wait for the unit (`open_orders`); people hold posts in it (`posts`)",
        "unit.has_open_orders unit.has_posts",
    ),
    Refusal(
        422,
        "a centre has one desk; a township's or community's centre names its cell; a contact is named twice",
        "unit.second_desk unit.place_missing unit.contacts_invalid",
    ),
    Refusal(
        422,
        "a shift lasts more than 0 and at most 24 hours; only posts of the unit that are held and can answer a call"
        " stand on its roster; not what is over, not more than a year ahead; something is changed",
        "roster.length_invalid roster.post_elsewhere roster.post_answers_nothing roster.out_of_time"
        " roster.nothing_asked",
    ),
    Refusal(409, "a post has one shift at a time; a shift that is over stays", "roster.overlap roster.line_over"),
    Refusal(422, "a shift begins when the device was heard to sound", "attendance.not_heard"),
    Refusal(409, "the shift has begun already; none has", "attendance.begun attendance.not_begun"),
    Refusal(404, "no such handover, or the caller is not of the desk", "handover.not_found"),
    Refusal(
        409,
        "one handover waits at a time; it was taken or withdrawn; taken by another than who gave; withdrawn by who"
        " gave or a duty lead",
        "handover.waits handover.over handover.own handover.not_own",
    ),
    Refusal(404, "no such line on the unit's roster", "roster.line_not_found"),
    Refusal(409, "a code is given once and never again", "unit.code_taken channel.code_taken catalogue.code_taken"),
    Refusal(
        409,
        "it is out of use, or in use, already",
        "channel.retired channel.in_use catalogue.retired catalogue.in_use",
    ),
    Refusal(409, "the last one in use stays", "channel.last catalogue.last"),
    Refusal(409, "a rule that the channels' list gives a channel is not taken away", "channel.rule_kept"),
    Refusal(409, "an API client has no other channel: revoke it first", "channel.only_one_of_client"),
    Refusal(
        422,
        "no such unit in use; an urgent item says within how many minutes somebody is on the scene",
        "catalogue.department_unknown catalogue.urgent_without_minutes",
    ),
    Refusal(
        409,
        "a client of this name is in use; the client has lost its key already",
        "api_client.name_taken api_client.revoked",
    ),
    Refusal(
        422,
        "a list of people or units: no file; neither XLSX nor CSV (an old .xls, a password, ODS, a web page: "
        "each is named), damaged, or with entities; no sheet that is the list; a column is missing; more than"
        " 5 MB, 2,000 rows, or too much unpacked",
        "import.no_file import.unreadable import.sheet_missing import.column_missing import.too_large",
    ),
    Refusal(
        422,
        "the name of a unit or person, a reporter and party too, is a number, a date, an error value or a sign that "
        "can't be shown; a telephone number can't be called, or that of a report has no digit",
        "name.not_a_name person.phone_invalid",
    ),
    Refusal(
        422,
        "two sheets could be the list; two columns mean the same; no row below the head",
        "import.sheet_ambiguous import.column_twice import.empty",
    ),
    Refusal(409, "a place of a list of units ended while it was taken in: try again", "unit.place_ended"),
    Refusal(422, "no such channel in use, or none named", "api_client.channel_unknown"),
    Refusal(404, "no such outside way was set up", "outside_way.not_found"),
    Refusal(
        422,
        "an outside way: its address is no plain https one; a new one, and one that moves, needs its secret, a push "
        "has its own; WeCom and DingTalk need corp and agent; more a minute than a group's robot takes; who asks for a "
        "test message has no work telephone, or no browser that takes pushes",
        "outside_way.address_invalid outside_way.secret_needed outside_way.secret_is_made "
        "outside_way.application_incomplete outside_way.too_many_a_minute outside_way.no_telephone "
        "outside_way.no_device",
    ),
    Refusal(409, "the test message before has no result yet", "outside_way.test_waits"),
    Refusal(409, "the centre has no pushes in use", "push.not_in_use"),
    Refusal(422, "a browser's subscription whose address or keys are none", "push.subscription_invalid"),
    Refusal(404, "a receipt of a push whose proof is wrong, or whose attempts are kept no longer", "push.unknown"),
    Refusal(409, "the account is suspended already", "person.suspended"),
    Refusal(409, "the person holds this post already", "post.held"),
    Refusal(409, "the post has ended already", "post.ended"),
    Refusal(422, "this role needs a cell", "post.place_missing"),
    Refusal(
        422,
        "duty officers and leads are the duty desk's, a township's desk is its centre's; the cell is of "
        "another tier, or outside the unit's place",
        "post.unit_unfit post.place_unfit",
    ),
    Refusal(404, "no such cell, or not for you", "cell.not_found"),
    Refusal(409, "the centre has cells already", "cells.laid"),
    Refusal(404, "no grid of this code is valid now", "grid.not_found"),
)
